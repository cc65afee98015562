-- Grain: one row per model of amounts, horizon and date it is tried or serves at: what
-- it is made of and learned from.

{% set regressors = lifetime_value_regressors() %}
{% set trained = regressors | list %}
{% set parameters = {} %}
{% for model in regressors %}
{% do parameters.update({model: {
    'training_rows': var('lifetime_value_training_rows'),
    'training_snapshots': var('lifetime_value_training_snapshots'),
}}) %}
{% endfor %}
{% for blend, members in var('lifetime_value_blends').items() %}
{% if members | select('in', regressors) | list %}
{% do trained.append(blend) %}
{% endif %}
{% do parameters.update({blend: {
    'mean_of': members | join(', '),
    'levelled_to': var('lifetime_value_blend_levels').get(blend, members | first),
}}) %}
{% endfor %}

with

-- What was tried, and what serves.
amounts as (

    select
        cutoff_date,
        horizon_days,
        model,
        false as is_serving

    from {{ ref('lifetime_value_metrics') }}

    where
        cutoff_date is not null
        and not is_baseline

    union all

    select
        {{ learning_date() }} as cutoff_date,
        horizon_days,
        model,
        true as is_serving

    from {{ ref('chosen_lifetime_value_models') }}

),

-- What regressors learned from.
training as (

    select
        least(cutoff_date, {{ learning_date() }}) as cutoff_date,
        horizon_days,
        min(snapshot_date) as first_training_date,
        max(snapshot_date) as last_training_date,
        max(outcome_end_date) as last_outcome_date,
        count(*) as n

    from {{ ref('int_lifetime_value_training') }}

    group by
        least(cutoff_date, {{ learning_date() }}),
        horizon_days

)

select
    amounts.cutoff_date,
    'amount_' || amounts.horizon_days::string || 'd' as target,
    amounts.model,
    case amounts.model
        {% for model, chosen in parameters.items() %}
        when '{{ model }}' then '{{ chosen | tojson }}'
        {% endfor %}
        else '{}'
    end as parameters,
    training.first_training_date,
    training.last_training_date,
    training.last_outcome_date,
    training.n,
    amounts.is_serving

from amounts
left join training
    on
        amounts.cutoff_date = training.cutoff_date
        and amounts.horizon_days = training.horizon_days
        and amounts.model in (
            {% for model in trained -%}
            '{{ model }}'{{ ', ' if not loop.last }}
            {%- endfor %}
        )
