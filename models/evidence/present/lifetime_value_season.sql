-- Grain: one row per cut-off and calendar month: the season as it was known then.

with

cutoffs as (

    select
        cutoff_date,
        max(is_as_of_date::int) = 1 as is_as_of_date

    from {{ ref('int_lifetime_value_cutoffs') }}

    group by cutoff_date

)

{% for month in range(1, 13) %}
select
    cutoffs.cutoff_date,
    {{ month }} as calendar_month,
    round(order_models.season_{{ month }}, 9) as season_factor,
    cutoffs.is_as_of_date

from {{ ref('int_order_models') }} as order_models
inner join cutoffs on order_models.snapshot_date = cutoffs.cutoff_date

where
    order_models.model = 'bg_nbd'
    and order_models.r is not null
{{ 'union all' if not loop.last }}
{% endfor %}
