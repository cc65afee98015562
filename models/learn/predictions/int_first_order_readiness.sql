-- Grain: one row per target about first orders: whether there is enough to prove and
-- serve a prediction, and what is not.

with

counted as (

    select
        targets.target,
        targets.kind,
        targets.horizon_days,
        count(distinct case when not cutoffs.is_serving then cutoffs.cutoff_date end)
            as cutoff_count,
        coalesce(max({{ dbt.datediff(
            'clock.first_order_date', 'clock.learning_date', 'day'
        ) }}), 0) as history_days

    from {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_first_order_cutoffs') }} as cutoffs
        on targets.target = cutoffs.target

    where targets.population = 'first_order'

    group by
        targets.target,
        targets.kind,
        targets.horizon_days

)

select
    target,
    kind,
    cutoff_count,
    case
        when cutoff_count < 1
            then
                'not enough data: needs a cut-off with '
                || '{{ var("prediction_first_order_min_rows") }} earlier first orders '
                || 'whose outcome is over, and first orders since (about '
                || (
                    90 + 2 * horizon_days
                    + {{ var('prediction_first_order_skip_days') }}
                )::string
                || ' days of orders), has ' || cutoff_count::string || ' ('
                || history_days::string || ' days)'
    end as missing,
    cutoff_count >= 1 as is_ready

from counted
