-- Grain: one row per horizon: the model that serves it, and why.

with

horizons as (

    {{ horizon_rows(lifetime_value_horizons()) }}

),

order_models as (

    select model

    from {{ ref('int_order_models') }}

    where
        r is not null
        and snapshot_date = {{ as_of_date() }}
        and model = {{ order_model() }}

),

{% set measured = [
    'mean_gini', 'baseline_model', 'baseline_gini', 'bias', 'mean_absolute_bias',
    'worst_bias', 'bias_below_top_decile', 'interval_coverage',
    'lowest_interval_coverage', 'highest_interval_coverage', 'first_cutoff_date',
    'last_cutoff_date',
] %}
{% set limit = (100 * var('lifetime_value_max_bias')) | round(1) ~ ' %' %}

combined as (

    select
        horizons.horizon_days,
        choices.model as tried_model,
        choices.is_baseline,
        choices.is_true,
        coalesce(choices.cutoff_count, 0) as cutoff_count,
        order_models.model as order_model,
        {% for column in measured %}
        choices.{{ column }},
        {% endfor %}
        gaps.gini_gap,
        gaps.gini_gap_low,
        gaps.gini_gap_high

    from horizons
    left join {{ ref('int_lifetime_value_choices') }} as choices
        on
            horizons.horizon_days = choices.horizon_days
            and choices.choice_number = 1
            and choices.is_candidate
    left join {{ ref('int_gini_gaps') }} as gaps
        on horizons.horizon_days = gaps.horizon_days
    left join order_models on true

),

judged as (

    select
        *,
        case
            when tried_model is null then 'untested'
            when not is_true then 'inaccurate'
            when is_baseline then 'baseline'
            when gini_gap_low > 0 then 'proven'
            else 'no better'
        end as status,
        'its total was off by ' || round(100 * mean_absolute_bias, 1)::string
        || ' % on average over ' || cutoff_count::string || ' cut-offs and by '
        || round(100 * worst_bias, 1)::string || ' % at the worst.' as error_words,
        'Mean normalised Gini ' || round(mean_gini, 3)::string
        || case when gini_gap_low > 0 then ', better than ' else ', no better than ' end
        || coalesce(
            baseline_model || ' (' || round(baseline_gini, 3)::string
            || '; difference ' || round(gini_gap_low, 4)::string || ' to '
            || round(gini_gap_high, 4)::string || ')', 'no baseline'
        ) || '; ' as rank_words

    from combined

)

select
    horizon_days,
    coalesce(tried_model, order_model, 'run_rate') as model,
    status,
    case
        when status = 'inaccurate'
            then
                'No total of a model or a baseline is within {{ limit }} of what came '
                || 'at every cut-off: the least wrong serves. '
                || case when is_baseline then 'It is a baseline; ' else rank_words end
                || error_words
        when status = 'baseline'
            then
                'No model with a total within {{ limit }} of what came at every '
                || 'cut-off ranks better: a baseline serves; ' || error_words
        when status <> 'untested' then rank_words || error_words
        when order_model is not null
            then
                'Untested: no month start has enough history before it and orders '
                || 'worth something in the ' || horizon_days::string
                || ' days after it. Served by the model of repeat orders.'
        else
            'Untested, and not enough repeat orders for a model: the amount a day so '
            || 'far goes on; with less than 30 days of orders there is no forecast.'
    end as reason,
    {% for column in measured %}
    {{ column }},
    {% endfor %}
    gini_gap,
    gini_gap_low,
    gini_gap_high,
    cutoff_count

from judged
