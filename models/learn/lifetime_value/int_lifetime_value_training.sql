-- Grain: one row per cut-off, horizon, training snapshot and sampled customer: what
-- regressors learn from.

with

-- The last month starts whose outcomes were known by then.
snapshot_dates as (

    select
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        cutoffs.is_as_of_date,
        dates.snapshot_date,
        cast({{ dbt.dateadd(
            'day', 'cutoffs.horizon_days', 'dates.snapshot_date'
        ) }} as date) as outcome_end_date

    from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs
    inner join {{ ref('int_snapshot_dates') }} as dates
        on
            cast({{ dbt.dateadd(
                'day', 'cutoffs.horizon_days', 'dates.snapshot_date'
            ) }} as date) <= cutoffs.learned_date

    where extract(day from dates.snapshot_date) = 1

    qualify
        row_number() over (
            partition by cutoffs.cutoff_date, cutoffs.horizon_days
            order by dates.snapshot_date desc
        ) <= {{ var('lifetime_value_training_snapshots') }}

),

-- Orders in the window against a year without seasons, as the cut-off knows.
seasoned as (

    select
        dates.*,
        (ends.effective_day - first_days.effective_day) / dates.horizon_days
            as season_index

    from snapshot_dates as dates
    inner join {{ ref('int_season_days') }} as first_days
        on
            dates.cutoff_date = first_days.snapshot_date
            and dates.snapshot_date = first_days.calendar_date
    inner join {{ ref('int_season_days') }} as ends
        on
            dates.cutoff_date = ends.snapshot_date
            and dates.outcome_end_date = ends.calendar_date

),

drawn as (

    select
        seasoned.*,
        outcomes.customer_id,
        -- As it would have been in a year without seasons.
        {{ in_money_units('outcomes.net_amount::double / seasoned.season_index') }}
            as amount,
        row_number() over (
            partition by seasoned.cutoff_date, seasoned.horizon_days
            order by
                md5(outcomes.customer_id || seasoned.snapshot_date::varchar),
                outcomes.customer_id,
                seasoned.snapshot_date
        ) as row_number

    from seasoned
    inner join {{ ref('int_purchase_histories') }} as customers
        on
            seasoned.snapshot_date = customers.snapshot_date
            and customers.draw_number <= {{ var('lifetime_value_training_rows') }}
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            customers.customer_id = outcomes.customer_id
            and seasoned.snapshot_date = outcomes.snapshot_date
            and seasoned.horizon_days = outcomes.horizon_days

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
