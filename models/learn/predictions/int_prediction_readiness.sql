-- Grain: one row per target: whether there is enough to prove and serve a prediction,
-- and what is not.

with

counted as (

    select
        targets.target,
        targets.population,
        targets.kind,
        targets.horizon_days,
        if(
            targets.population = 'customer', {{ var('prediction_min_cutoffs') }}, 1
        ) as least_count,
        count(distinct case when not cutoffs.is_serving then cutoffs.cutoff_date end)
            as cutoff_count,
        coalesce(max({{ dbt.datediff(
            'clock.first_order_date', 'clock.learning_date', 'day'
        ) }}), 0) as history_days

    from {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_as_of_date') }} as clock
    left join {{ ref('int_backtest_cutoffs') }} as cutoffs
        on targets.target = cutoffs.target

    group by
        targets.target,
        targets.population,
        targets.kind,
        targets.horizon_days

)

select
    target,
    population,
    kind,
    cutoff_count,
    case
        when cutoff_count < least_count
            then
                'not enough data: needs '
                || case
                    when population = 'customer'
                        then
                            '{{ var("prediction_min_cutoffs") }} cut-offs '
                            || 'with an earlier outcome to learn from (about '
                            || (2 * horizon_days + 30 * least_count)::string
                            || ' days of orders, and '
                            || '{{ var("prediction_min_class_rows") }} '
                            || 'outcomes of either kind)'
                    else
                        'a cut-off with '
                        || '{{ var("prediction_first_order_min_rows") }} earlier '
                        || 'first orders whose outcome is over, and first orders '
                        || 'since (about '
                        || (
                            90 + 2 * horizon_days
                            + {{ var('prediction_first_order_skip_days') }}
                        )::string || ' days of orders)'
                end
                || ', has ' || cutoff_count::string
                || ' (' || history_days::string || ' days)'
    end as missing,
    cutoff_count >= least_count as is_ready

from counted
