-- Grain: one row per target and cut-off that every model is judged at, or served from:
-- the learning date. Whether a month start is one is told by what was known then and by
-- its own outcomes alone: a later build judges at the same ones.

with

dates as (

    select
        targets.target,
        targets.population,
        targets.kind,
        targets.horizon_days,
        snapshot_dates.snapshot_date as cutoff_date,
        snapshot_dates.is_learning_date as is_serving,
        -- Customers are judged on the day, first orders until the next cut-off.
        cast(
            case
                when targets.population = 'customer'
                    then {{ dbt.dateadd('day', 1, 'snapshot_dates.snapshot_date') }}
                else {{ dbt.dateadd(
                    'month', var('prediction_cutoff_spacing_months'),
                    'snapshot_dates.snapshot_date'
                ) }}
            end as date
        ) as next_date

    from {{ ref('prediction_targets') }} as targets
    cross join {{ ref('int_snapshot_dates') }} as snapshot_dates
    cross join {{ ref('int_as_of_date') }} as clock

    where
        snapshot_dates.is_learning_date
        -- Some months apart, so that they see different seasons; in step with the end
        -- of the outcome window, of first orders with that of a month of them.
        or mod(
            {{ dbt.datediff(
                'clock.first_order_date', 'snapshot_dates.snapshot_date', 'month'
            ) }}
            + ceil(targets.horizon_days / 31.0)::int
            + case when targets.population = 'customer' then 0 else 1 end,
            {{ var('prediction_cutoff_spacing_months') }}
        ) = 0

),

counted as (

    {% set over = 'filter (where outcomes.outcome_end_date <= dates.cutoff_date)' %}
    select
        dates.*,
        sum(outcomes.row_count) {{ over }}::bigint as row_count,
        sum(outcomes.positive_count) {{ over }} as positive_count,
        sum(outcomes.negative_count) {{ over }} as negative_count,
        min(outcomes.made_date) {{ over }} as first_training_date,
        max(outcomes.made_date) {{ over }} as last_training_date,
        max(outcomes.outcome_end_date) {{ over }} as last_outcome_date,
        coalesce(
            sum(outcomes.row_count) filter (
                where
                outcomes.made_date >= dates.cutoff_date
                and outcomes.made_date < dates.next_date
            ), 0
        )::bigint as judged_count

    from dates
    inner join {{ ref('int_outcome_counts') }} as outcomes
        on dates.target = outcomes.target

    group by all

),

sufficient as (

    select
        *,
        row_number() over (
            partition by target, is_serving
            order by cutoff_date
        ) - 1 as earlier_count

    from counted

    where
        {% set least = var('prediction_min_class_rows') %}
        (
            kind = 'multiclass'
            or (positive_count >= {{ least }} and negative_count >= {{ least }})
        )
        and row_count >= case
            when population = 'first_order'
                then {{ var('prediction_first_order_min_rows') }}
            else 1
        end
        and (
            is_serving
            or judged_count >= if(population = 'first_order', {{ least }}, 1)
        )

)

{% set count = var('prediction_cutoff_count') %}
select
    *,
    -- Parameters are tuned once for so many cut-offs, at the first of them.
    min(cutoff_date) over (
        partition by target, is_serving, floor(earlier_count / {{ count }})
    ) as tuning_date

from sufficient

qualify
    is_serving
    or earlier_count >= count(*) over (partition by target, is_serving) - {{ count }}
