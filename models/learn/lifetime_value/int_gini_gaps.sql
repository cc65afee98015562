-- Grain: one row per horizon that a model serves: by how much it ranks better than the
-- best baseline, with the 95 % interval of the infinitesimal jackknife (Efron 1982).

with

pairs as (

    select
        horizon_days,
        model,
        baseline_model,
        cutoff_count

    from {{ ref('int_lifetime_value_choices') }}

    where choice_number = 1 and is_candidate and not is_baseline

),

ranked as (

    select
        ranks.horizon_days,
        ranks.cutoff_date,
        ranks.customer_id,
        ranks.model = pairs.model as is_model,
        ranks.actual_amount::decimal(38, 9) as amount,
        ranks.predicted_rank,
        ranks.actual_rank,
        ranks.customer_count,
        pairs.cutoff_count

    from {{ ref('int_backtest_ranks') }} as ranks
    inner join pairs
        on
            ranks.horizon_days = pairs.horizon_days
            and ranks.model in (pairs.model, pairs.baseline_model)

    where ranks.cutoff_date is not null

),

-- A Gini is a ratio of sums over pairs of customers: amount against amount, with the
-- sign of their ranks. A customer's pull is the sum of the pairs that hold them.
pulls as (

    select
        {% for rank in ['predicted', 'actual'] %}
        amount::double * (2 * {{ rank }}_rank - customer_count - 1)
        - 2 * sum(amount) over (
            partition by horizon_days, cutoff_date, is_model order by {{ rank }}_rank
        )::double
        + sum(amount) over (
            partition by horizon_days, cutoff_date, is_model, {{ rank }}_rank
        )::double
        + sum(amount) over (
            partition by horizon_days, cutoff_date, is_model
        )::double as {{ rank }}_pull,
        {% endfor %}
        horizon_days,
        cutoff_date,
        customer_id,
        is_model,
        cutoff_count

    from ranked

),

customers as (

    select
        horizon_days,
        cutoff_date,
        customer_id,
        cutoff_count,
        sum(case when is_model then predicted_pull else -predicted_pull end)
            as gap_pull,
        max(actual_pull) as best_pull,
        sum(gap_pull) over (partition by horizon_days, cutoff_date) as gap_sum,
        sum(best_pull) over (partition by horizon_days, cutoff_date) as best_sum

    from pulls

    group by
        horizon_days,
        cutoff_date,
        customer_id,
        cutoff_count

),

-- What a customer adds to the mean of the cut-offs, and how it would move without them.
influences as (

    select
        horizon_days,
        customer_id,
        sum(gap_pull / (best_sum * cutoff_count)) as part,
        sum(
            2 * (gap_pull - best_pull * gap_sum / best_sum) / (best_sum * cutoff_count)
        ) as influence

    from customers

    group by
        horizon_days,
        customer_id

)

select
    horizon_days,
    round(sum(part), 9) as gini_gap,
    round(sum(part) - 1.959964 * sqrt(sum(power(influence, 2))), 9) as gini_gap_low,
    round(sum(part) + 1.959964 * sqrt(sum(power(influence, 2))), 9) as gini_gap_high

from influences

group by horizon_days
