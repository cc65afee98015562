-- Grain: one row per cut-off, horizon, training snapshot and sampled customer: what
-- regressors learn from.

with

cutoffs as (

    select * from {{ ref('int_lifetime_value_cutoffs') }}

),

customers as (

    select * from {{ ref('int_lifetime_value_customers') }}

    where draw_number <= {{ var('lifetime_value_training_rows') }}

),

drawn as (

    select
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        cutoffs.is_as_of_date,
        snapshots.snapshot_date,
        outcomes.customer_id,
        snapshots.outcome_end_date,
        -- As it would have been in a year without seasons.
        {{ in_money_units('outcomes.net_amount::double / snapshots.season_index') }}
            as amount,
        row_number() over (
            partition by cutoffs.cutoff_date, cutoffs.horizon_days
            order by
                md5(outcomes.customer_id || snapshots.snapshot_date::varchar),
                outcomes.customer_id,
                snapshots.snapshot_date
        ) as row_number

    from cutoffs
    inner join {{ ref('int_training_snapshots') }} as snapshots
        on
            cutoffs.cutoff_date = snapshots.cutoff_date
            and cutoffs.horizon_days = snapshots.horizon_days
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            snapshots.snapshot_date = outcomes.snapshot_date
            and snapshots.horizon_days = outcomes.horizon_days
    inner join customers on outcomes.customer_id = customers.customer_id

    where outcomes.is_observed

    qualify row_number <= {{ var('lifetime_value_training_rows') }}

)

select
    drawn.cutoff_date,
    drawn.horizon_days,
    drawn.is_as_of_date,
    drawn.snapshot_date,
    drawn.customer_id,
    drawn.outcome_end_date,
    drawn.amount,
    drawn.row_number,
    {{ regressor_features('snapshots') }}

from drawn
inner join {{ ref('int_customer_snapshots') }} as snapshots
    on
        drawn.customer_id = snapshots.customer_id
        and drawn.snapshot_date = snapshots.snapshot_date
