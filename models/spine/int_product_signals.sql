-- Grain: one row per product and signal that a rule of the seed gives it.

{% set measures = [
    'days_since_last_sale', 'history_days', 'demand_trend', 'sell_through_trend',
    'sell_through_share', 'unit_count_90d', 'unit_count_previous_90d',
    'expected_unit_count_90d', 'season_ahead_share', 'season_peak_share',
] %}

with

rules as (

    select * from {{ ref('stock_rules') }}

),

trends as (

    select * from {{ ref('int_product_trends') }}

),

measures as (

    {% for measure in measures %}
    select
        product_id,
        '{{ measure }}' as measure,
        {{ measure }}::double as measure_value

    from trends
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- What is not known fails: every condition of a rule must hold.
rules_that_hold as (

    select
        measures.product_id,
        rules.rule_number,
        rules.signal

    from measures
    inner join rules on measures.measure = rules.measure

    where
        measures.measure_value >= coalesce(rules.min_value, measures.measure_value)
        and measures.measure_value <= coalesce(rules.max_value, measures.measure_value)

    group by
        measures.product_id,
        rules.rule_number,
        rules.signal

    having
        count(*) = (
            select count(*)
            from rules as conditions
            where conditions.rule_number = rules.rule_number
        )

)

select distinct
    product_id,
    signal

from rules_that_hold
