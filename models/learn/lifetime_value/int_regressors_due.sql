-- Grain: one row per horizon and regressor that is needed to serve it.

with

chosen as (

    select
        horizon_days,
        model

    from {{ ref('chosen_lifetime_value_models') }}

),

members as (

    {{ lifetime_value_blend_rows() }}

),

parts as (

    select
        chosen.horizon_days,
        coalesce(members.model, chosen.model) as model

    from chosen
    left join members on chosen.model = members.blend

)

select distinct
    horizon_days,
    model

from parts

where
    model in (
        {% for model in lifetime_value_regressors() -%}
        '{{ model }}'{{ ', ' if not loop.last }}
        {%- endfor %}
    )
