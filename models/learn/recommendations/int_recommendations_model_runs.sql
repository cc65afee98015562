-- Grain: one row per source fitted, slot and date it was fitted as of.

{% set parameters = {
    'recent_days': var('recommendation_recent_days'),
    'half_life_days': var('recommendation_half_life_days'),
    'factors': var('recommendation_factors'),
    'neighbours': var('recommendation_neighbours'),
    'ease_products': var('recommendation_ease_products'),
    'fit_customers': var('recommendation_fit_customers'),
    'horizon_days': var('recommendation_horizon_days'),
} %}

with

runs as (

    select distinct
        cutoff_number,
        source as model,
        slot as variant,
        training_count,
        library_versions,
        false as is_serving

    from {{ ref('ml_recommender_lists') }}

    union all

    select distinct
        -1 as cutoff_number,
        model,
        slot as variant,
        training_count,
        library_versions,
        true as is_serving

    from {{ ref('ml_recommendations') }}

),

fingerprints as (

    select
        md5(
            count(*)::string || '/' || sum(order_number * product_number)::string
            || '/' || sum(customer_number * days_ago)::string
        ) as data_fingerprint,
        max(days_ago) as first_days_ago

    from {{ ref('int_recommendation_events') }}

    -- Before the learning date.
    where days_ago > 0

),

event_counts as (

    select
        cutoffs.cutoff_number,
        count(*) as event_count

    from {{ ref('int_recommendation_cutoffs') }} as cutoffs
    inner join {{ ref('int_recommendation_events') }} as events
        on cutoffs.days_ago < events.days_ago

    group by cutoffs.cutoff_number

),

described as (

    select
        runs.*,
        cutoffs.cutoff_date,
        fingerprints.data_fingerprint,
        runs.model = 'hybrid' as is_taught,
        '{{ tojson(parameters, sort_keys=true) }}' as parameters,
        cast({{ dbt.dateadd(
            'day', '-(fingerprints.first_days_ago - cutoffs.days_ago)',
            'cutoffs.cutoff_date'
        ) }} as date) as first_training_date,
        cast({{ dbt.dateadd(
            'day', '-' ~ var('recommendation_horizon_days'), 'cutoffs.cutoff_date'
        ) }} as date) as last_window_date,
        event_counts.event_count

    from runs
    inner join {{ ref('int_recommendation_cutoffs') }} as cutoffs
        on runs.cutoff_number = cutoffs.cutoff_number
    inner join event_counts on runs.cutoff_number = event_counts.cutoff_number
    cross join fingerprints

)

select
    md5(concat_ws(
        '|', 'recommendations', 'next_basket', model, variant, cutoff_date::string,
        parameters, '{{ var("recommendation_seed") }}', data_fingerprint
    )) as model_run_id,
    'recommendations' as area,
    'next_basket' as target,
    model,
    variant,
    cutoff_date,
    parameters,
    {{ var('recommendation_seed') }} as seed,
    data_fingerprint,
    first_training_date,
    -- The hybrid learns from windows that had ended; the others look at orders alone.
    case
        when is_taught then last_window_date else cutoff_date - 1
    end as last_training_date,
    case when is_taught then cutoff_date end as last_outcome_date,
    case when is_taught then training_count else event_count end as n,
    library_versions,
    is_serving

from described
