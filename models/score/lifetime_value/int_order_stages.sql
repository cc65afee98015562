-- Grain: one row per cut-off, model of repeat orders, customer and number of steps
-- taken to the next order (one step is an order, except where gaps are regular): how
-- likely the customer is alive and there.

with

scored as (

    select distinct
        cutoff_date,
        is_as_of_date,
        customer_number,
        repeat_day_count,
        first_to_last_days,
        age_days,
        purchase_day_count,
        net_amount

    from {{ ref('int_lifetime_value_scored') }}

),

models as (

    select
        * replace (
            {{ from_money_units('gamma') }} as gamma,
            {{ from_money_units('mean_amount') }} as mean_amount
        )

    from {{ ref('int_order_models') }}

    where r is not null

),

stages as (

    {{ order_stage_rows() }}

),

alive as (

    select
        scored.cutoff_date,
        scored.is_as_of_date,
        scored.customer_number,
        scored.repeat_day_count,
        scored.age_days,
        models.model,
        models.order_level,
        stages.stage,
        round({{ probability_alive('scored', 'models') }}, 12) as probability_alive,
        round(
            {{ stage_odds('scored', 'models', 'stages.stage') }}
            / {{ pause_odds('scored', 'models') }}, 12
        ) as stage_share,
        {{ expected_order_value('scored', 'models') }} as expected_order_value

    from scored
    inner join models on scored.cutoff_date = models.snapshot_date
    inner join stages on models.k > stages.stage

)

select
    *,
    round(probability_alive * stage_share, 12) as stage_probability

from alive
