-- Grain: one row per horizon: the model that serves it, and why.

with

horizons as (

    {{ lifetime_value_horizon_rows() }}

),

choices as (

    select * from {{ ref('int_lifetime_value_choices') }}

    where
        choice_number = 1
        and is_candidate

),

order_models as (

    select
        order_models.model,
        order_models.r is not null as is_fitted

    from {{ ref('int_order_models') }} as order_models
    inner join {{ ref('int_as_of_date') }} as clock
        on order_models.snapshot_date = clock.as_of_date

    where order_models.model = '{{ var("lifetime_value_order_model") }}'

),

combined as (

    select
        horizons.horizon_days,
        choices.model as tried_model,
        coalesce(choices.is_baseline, false) as is_baseline,
        coalesce(choices.is_true, false) as is_true,
        coalesce(order_models.is_fitted, false) as is_fitted,
        choices.mean_gini,
        choices.baseline_gini,
        choices.bias,
        choices.interval_coverage,
        coalesce(choices.cutoff_count, 0) as cutoff_count,
        choices.first_cutoff_date,
        choices.last_cutoff_date

    from horizons
    left join choices on horizons.horizon_days = choices.horizon_days
    left join order_models on true

)

select
    horizon_days,
    case
        when tried_model is not null then tried_model
        when is_fitted then '{{ var("lifetime_value_order_model") }}'
        else 'run_rate'
    end as model,
    case
        when not is_true and tried_model is not null then 'inaccurate'
        when tried_model is null then 'untested'
        when is_baseline then 'baseline'
        else 'proven'
    end as status,
    case
        when not is_true and tried_model is not null
            then
                'No total of a model or a baseline is within '
                || {{ (100 * var('lifetime_value_max_bias')) | round(1) }}::string
                || ' % of what came, over ' || cutoff_count::string
                || ' cut-offs: the least wrong serves, whose total differs by '
                || round(100 * bias, 1)::string || ' %.'
        when tried_model is not null and not is_baseline
            then
                'Mean normalised Gini ' || round(mean_gini, 3)::string
                || ' over ' || cutoff_count::string || ' cut-offs, the best or within '
                || {{ var('lifetime_value_gini_tolerance') }}::string
                || ' of it with the truest total; the best baseline has '
                || coalesce(round(baseline_gini, 3)::string, 'none')
                || '; predicted and actual total differ by '
                || round(100 * bias, 1)::string || ' %.'
        when tried_model is not null
            then
                'No model with a total within '
                || {{ (100 * var('lifetime_value_max_bias')) | round(1) }}::string
                || ' % of what came ranks better over ' || cutoff_count::string
                || ' cut-offs: a baseline serves, whose total differs by '
                || round(100 * bias, 1)::string || ' %.'
        when is_fitted
            then
                'Untested: no month start has enough history before it and orders '
                || 'worth something in the ' || horizon_days::string
                || ' days after it. Served by the model of repeat orders.'
        else
            'Untested, and not enough repeat orders for a model: the amount a day so '
            || 'far goes on; with less than 30 days of orders there is no forecast.'
    end as reason,
    cutoff_count,
    mean_gini,
    baseline_gini,
    bias,
    interval_coverage,
    first_cutoff_date,
    last_cutoff_date

from combined
