-- Grain: one row per model of amounts, horizon and date it is tried or serves at.

{% set regressors = "'" ~ lifetime_value_regressors() | join("', '") ~ "'" %}
{% set trained = lifetime_value_regressors() | list %}
{% for blend, members in var('lifetime_value_blends').items() %}
{% for model in members if model in lifetime_value_regressors() %}
{% do trained.append(blend) %}
{% endfor %}
{% endfor %}

with

chosen as (

    select
        chosen.horizon_days,
        chosen.model,
        clock.learning_date as cutoff_date

    from {{ ref('chosen_lifetime_value_models') }} as chosen
    cross join {{ ref('int_as_of_date') }} as clock

),

-- What was tried, what serves, and what the serving one is made of.
amount_runs as (

    select distinct
        cutoff_date,
        horizon_days,
        model,
        false as is_serving

    from {{ ref('int_backtest_amounts') }}

    where model not in ('zero', 'last_period', 'run_rate', 'historic_value')

    union all

    select
        cutoff_date,
        horizon_days,
        model,
        true as is_serving

    from chosen

)

select
    cutoff_date,
    horizon_days,
    'amount_' || horizon_days::string || 'd' as target,
    model,
    case
        {% for blend, members in var('lifetime_value_blends').items() %}
        when model = '{{ blend }}'
            then
                '{"mean_of": "{{ members | join(", ") }}", '
                || '"regressors_levelled_to": "{{ members | first }}"}'
        {% endfor %}
        when model in ({{ regressors }})
            then
                '{"training_rows": {{ var("lifetime_value_training_rows") }}, '
                || '"training_snapshots": '
                || '{{ var("lifetime_value_training_snapshots") }}}'
        else '{}'
    end as parameters,
    model in (
        {%- for model in trained %}'{{ model }}'{{ ', ' if not loop.last }}
        {%- endfor -%}
    ) as is_trained,
    is_serving

from amount_runs
