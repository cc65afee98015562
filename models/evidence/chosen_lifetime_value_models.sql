-- Grain: one row per horizon: the model that serves it, and why.

with

horizons as (

    {{ lifetime_value_horizon_rows() }}

),

choices as (

    select * from {{ ref('int_lifetime_value_choices') }}

    where choice_number = 1

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
        coalesce(choices.is_qualified, false) as is_qualified,
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
        when is_qualified then 'proven'
        when tried_model is not null then 'baseline'
        else 'untested'
    end as status,
    case
        when is_qualified
            then
                'Mean normalised Gini ' || round(mean_gini, 3)::string
                || ' over ' || cutoff_count::string || ' cut-offs, the best or within '
                || {{ var('lifetime_value_gini_tolerance') }}::string
                || ' of it with the truest total, above the best baseline ('
                || round(baseline_gini, 3)::string
                || '); predicted and actual total differ by '
                || round(100 * bias, 1)::string || ' %.'
        when tried_model is not null
            then
                'No model ranks better than the baselines with a total within '
                || {{ 100 * var('lifetime_value_max_bias') }}::string
                || ' % of what came, over ' || cutoff_count::string
                || ' cut-offs: a baseline serves.'
        when is_fitted
            then
                'Untested: no month start has enough history before and '
                || horizon_days::string || ' days after it. Served by the model of '
                || 'repeat orders.'
        else
            'Untested, and not enough repeat orders for a model: the amount a day so '
            || 'far goes on.'
    end as reason,
    cutoff_count,
    mean_gini,
    baseline_gini,
    bias,
    interval_coverage,
    first_cutoff_date,
    last_cutoff_date

from combined
