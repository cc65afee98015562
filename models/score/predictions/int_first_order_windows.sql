-- Grain: one row per target about first orders that is ready, cut-off and customer who
-- is trained on or predicted there.

with

cutoffs as (

    select cutoffs.*

    from {{ ref('int_backtest_cutoffs') }} as cutoffs
    inner join {{ ref('int_prediction_readiness') }} as readiness
        on cutoffs.target = readiness.target

    where
        readiness.is_ready
        and cutoffs.population = 'first_order'

),

-- Newest first, so that a shop of millions of customers learns from the latest.
training as (

    select
        cutoffs.*,
        labels.customer_number,
        {{ in_money_units('labels.actual_amount') }} as actual_amount,
        labels.actual_segment,
        true as is_training

    from cutoffs
    inner join {{ ref('int_first_order_labels') }} as labels
        on
            cutoffs.target = labels.target
            and cutoffs.cutoff_date >= labels.outcome_end_date

    qualify
        row_number() over (
            partition by cutoffs.target, cutoffs.cutoff_date
            order by labels.ordered_date desc, labels.customer_number asc
        ) <= {{ var('prediction_training_rows') }}

),

judged as (

    select
        cutoffs.*,
        labels.customer_number,
        null as actual_amount,
        null as actual_segment,
        false as is_training

    from cutoffs
    inner join {{ ref('int_first_order_labels') }} as labels
        on
            cutoffs.target = labels.target
            and cutoffs.cutoff_date <= labels.ordered_date
            and cutoffs.next_date > labels.ordered_date

    where not cutoffs.is_serving

    qualify
        row_number() over (
            partition by cutoffs.target, cutoffs.cutoff_date
            order by labels.draw_share, labels.customer_number
        ) <= {{ var('prediction_sample_customers') }}

),

due as (

    select
        cutoffs.*,
        first_orders.customer_number,
        null as actual_amount,
        null as actual_segment,
        false as is_training

    from cutoffs
    inner join {{ ref('int_first_orders') }} as first_orders on cutoffs.is_serving
    -- Whose first order came back whole is no customer.
    inner join {{ ref('int_customer_snapshots') }} as customers
        on first_orders.customer_id = customers.customer_id

    where
        first_orders.is_only_order
        and customers.snapshot_date = {{ as_of_date() }}

)

{% for part in ['training', 'judged', 'due'] %}
select
    target,
    kind,
    cutoff_date,
    is_serving,
    customer_number,
    actual_amount,
    actual_segment,
    is_training

from {{ part }}
{{ 'union all' if not loop.last }}
{% endfor %}
