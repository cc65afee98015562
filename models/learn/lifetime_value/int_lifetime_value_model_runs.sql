-- Grain: one row per fitted model, target and date it is fitted as of.

with

runs as (

    select
        cutoff_date,
        target,
        model,
        parameters,
        first_training_date,
        last_training_date,
        last_outcome_date,
        n,
        is_serving

    from {{ ref('int_amount_runs') }}

    union all

    select
        cutoff_date,
        'repeat_orders' as target,
        model,
        parameters,
        null as first_training_date,
        null as last_training_date,
        null as last_outcome_date,
        n,
        is_serving

    from {{ ref('int_order_model_runs') }}

),

known as (

    select
        snapshot_date as cutoff_date,
        count(*) as customer_count,
        {{ hash_of_rows([
            'customer_id', 'net_amount', 'purchase_day_count', 'first_to_last_days',
            'age_days',
        ]) }} as data_fingerprint

    from {{ ref('int_purchase_histories') }}

    group by snapshot_date

),

versions as (

    select max(library_versions) as library_versions

    from {{ ref('ml_order_models') }}

)

select
    md5(
        concat_ws(
            '|', 'lifetime_value', runs.target, runs.model, 'none',
            runs.cutoff_date::string, runs.parameters,
            '{{ var("lifetime_value_seed") }}', known.data_fingerprint
        )
    ) as model_run_id,
    'lifetime_value' as area,
    runs.target,
    runs.model,
    'none' as variant,
    runs.cutoff_date,
    runs.parameters,
    {{ var('lifetime_value_seed') }} as seed,
    known.data_fingerprint,
    coalesce(runs.first_training_date, clock.first_order_date) as first_training_date,
    coalesce(runs.last_training_date, runs.cutoff_date) as last_training_date,
    runs.last_outcome_date,
    coalesce(runs.n, known.customer_count) as n,
    versions.library_versions,
    runs.is_serving

from runs
inner join known on runs.cutoff_date = known.cutoff_date
cross join {{ ref('int_as_of_date') }} as clock
left join versions on true
