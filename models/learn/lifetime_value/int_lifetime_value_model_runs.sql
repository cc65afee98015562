-- Grain: one row per fitted model, target and date it is fitted as of.

with

fingerprints as (

    select
        histories.snapshot_date as cutoff_date,
        count(*) as customer_count,
        {{ hash_of_rows([
            'customer_id', 'net_amount', 'purchase_day_count', 'first_to_last_days',
            'age_days',
        ]) }} as data_fingerprint

    from {{ ref('int_purchase_histories') }} as histories

    group by histories.snapshot_date

),

trained as (

    select
        least(training.cutoff_date, clock.learning_date) as cutoff_date,
        training.horizon_days,
        min(training.snapshot_date) as first_training_date,
        max(training.snapshot_date) as last_training_date,
        max(training.outcome_end_date) as last_outcome_date,
        count(*) as n

    from {{ ref('int_lifetime_value_training') }} as training
    cross join {{ ref('int_as_of_date') }} as clock

    group by
        least(training.cutoff_date, clock.learning_date),
        training.horizon_days

),

runs as (

    select
        cutoff_date,
        target,
        model,
        parameters,
        is_trained,
        null::bigint as n,
        is_serving,
        horizon_days

    from {{ ref('int_amount_runs') }}

    union all

    select
        order_runs.cutoff_date,
        'repeat_orders' as target,
        order_runs.model,
        order_runs.parameters,
        false as is_trained,
        order_runs.n,
        order_runs.is_serving,
        null as horizon_days

    from {{ ref('int_order_model_runs') }} as order_runs

),

versions as (

    select max(library_versions) as library_versions

    from {{ ref('ml_order_models') }}

),

described as (

    select
        'lifetime_value' as area,
        runs.target,
        runs.model,
        'none' as variant,
        runs.cutoff_date,
        runs.parameters,
        {{ var('lifetime_value_seed') }} as seed,
        fingerprints.data_fingerprint,
        case
            when runs.is_trained then trained.first_training_date
            else clock.first_order_date
        end as first_training_date,
        case
            when runs.is_trained then trained.last_training_date
            else runs.cutoff_date
        end as last_training_date,
        case when runs.is_trained then trained.last_outcome_date end
            as last_outcome_date,
        coalesce(
            case when runs.is_trained then trained.n end,
            runs.n,
            fingerprints.customer_count
        ) as n,
        versions.library_versions,
        runs.is_serving

    from runs
    inner join fingerprints on runs.cutoff_date = fingerprints.cutoff_date
    left join trained
        on
            runs.cutoff_date = trained.cutoff_date
            and runs.horizon_days = trained.horizon_days
    left join versions on true
    cross join {{ ref('int_as_of_date') }} as clock

)

select
    md5(
        concat_ws(
            '|', area, target, model, variant, cutoff_date::string, parameters,
            seed::string, data_fingerprint
        )
    ) as model_run_id,
    *

from described
