-- Grain: one row per target about customers: whether there is enough to prove and serve
-- a prediction, and what is not.

with

cutoffs as (

    select
        target,
        count(distinct case when not is_serving then cutoff_date end) as cutoff_count,
        sum(case when is_serving then positive_count end) as positive_count,
        sum(case when is_serving then negative_count end) as negative_count

    from {{ ref('int_backtest_cutoffs') }}

    group by target

),

counted as (

    select
        targets.target,
        targets.horizon_days,
        coalesce(cutoffs.cutoff_count, 0) as cutoff_count,
        coalesce(cutoffs.positive_count, 0)::bigint as positive_count,
        coalesce(cutoffs.negative_count, 0)::bigint as negative_count,
        coalesce({{ dbt.datediff(
            'clock.first_order_date', 'clock.learning_date', 'day'
        ) }}, 0) as history_days

    from {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_as_of_date') }} as clock
    left join cutoffs on targets.target = cutoffs.target

    where targets.population = 'customer'

)

select
    target,
    cutoff_count,
    positive_count,
    negative_count,
    case
        when cutoff_count < {{ var('prediction_min_cutoffs') }}
            then
                'not enough data: needs {{ var("prediction_min_cutoffs") }} cut-offs '
                || 'with an earlier outcome to learn from (about '
                || (
                    2 * horizon_days + 30 * {{ var('prediction_min_cutoffs') }}
                )::string
                || ' days of orders, and {{ var("prediction_min_class_rows") }} '
                || 'outcomes of either kind), has '
                || cutoff_count::string || ' (' || history_days::string || ' days)'
    end as missing,
    cutoff_count >= {{ var('prediction_min_cutoffs') }} as is_ready

from counted
