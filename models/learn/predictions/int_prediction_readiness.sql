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

),

-- Features that may know a given outcome.
warned as (

    select
        target,
        'may know the outcome: '
        || string_agg(distinct named, ', ' order by named) as warning

    from (
        select
            split_part(target, '=', 1) as target,
            replace(feature, 'attribute.', '') || ' ('
            || replace(method, 'alone', 'tells it alone') || ')' as named

        from {{ ref('int_label_importance') }}

        where may_know
    ) as features

    group by target

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
    null as warning,
    cutoff_count >= least_count as is_ready

from counted

union all

select
    labels.target,
    'label' as population,
    labels.kind,
    case
        when labels.missing is null
            then {{ var('label_folds') }} * {{ var('label_repeats') }}
        else 0
    end as cutoff_count,
    labels.missing,
    warned.warning,
    labels.missing is null as is_ready

from {{ ref('int_label_targets') }} as labels
left join warned on labels.target = warned.target
