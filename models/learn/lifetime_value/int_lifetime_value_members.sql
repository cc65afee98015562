-- Grain: one row per horizon and model that what serves it is made of: itself, or the
-- members of a blend.

with

members as (

    {{ lifetime_value_blend_rows() }}

)

select
    chosen.horizon_days,
    chosen.model as blend,
    coalesce(members.model, chosen.model) as model,
    coalesce(members.share, 1.0) as share,
    coalesce(members.member_count, 1) as member_count,
    members.level_model,
    coalesce(members.first_model, chosen.model) as first_model,
    coalesce(members.model, chosen.model) in (
        {% for model in lifetime_value_regressors() -%}
        '{{ model }}'{{ ', ' if not loop.last }}
        {%- endfor %}
    ) as is_regressor

from {{ ref('chosen_lifetime_value_models') }} as chosen
left join members on chosen.model = members.blend
