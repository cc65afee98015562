-- Every pair of a level of risk and one of value has exactly one rule, so that no
-- customer is missing from campaign_audiences or in it twice.

{% set risks = ['high', 'medium', 'low', 'inactive', 'unknown'] %}
{% set values = ['high', 'medium', 'low'] %}

with

cells as (

    {% for risk in risks %}
    {% set last_risk = loop.last %}
    {% for value in values %}
    select
        '{{ risk }}' as risk_level,
        '{{ value }}' as value_level
    {{ 'union all' if not (loop.last and last_risk) }}
    {% endfor %}
    {% endfor %}

)

select
    cells.risk_level,
    cells.value_level,
    count(rules.campaign) as rule_count

from cells
left join {{ ref('campaign_rules') }} as rules
    on
        cells.risk_level = rules.risk_level
        and cells.value_level = rules.value_level

group by
    cells.risk_level,
    cells.value_level

having count(rules.campaign) <> 1
