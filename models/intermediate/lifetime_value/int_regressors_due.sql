-- Grain: one row per horizon and regressor that is needed to serve it.

with

chosen as (

    select
        horizon_days,
        model

    from {{ ref('chosen_lifetime_value_models') }}

),

regressors as (

    {% for model in lifetime_value_regressors() %}
    select '{{ model }}' as model
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    chosen.horizon_days,
    regressors.model

from chosen
inner join regressors
    on
        chosen.model = regressors.model
        or (
            chosen.model = 'blend'
            and regressors.model in ('{{ var("lifetime_value_blend") | join("', '") }}')
        )
