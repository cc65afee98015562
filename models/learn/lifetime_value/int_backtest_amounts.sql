-- Grain: one row per earlier cut-off, horizon, customer and model: what was predicted
-- and what came.

with

predicted as (

    {{ predicted_amounts(false, 'ml_amount_backtest') }}

),

blends as (

    {{ lifetime_value_blend_rows() }}

),

horizons as (

    {{ horizon_rows(lifetime_value_horizons()) }}

),

members as (

    select
        horizons.horizon_days,
        blends.*

    from blends
    cross join horizons

),

blended as (

    {{ blended_amounts('predicted', 'members') }}

),

all_models as (

    select * from predicted

    union all

    select * from blended

),

-- Looked up once, for the sampled customers alone.
outcomes as (

    select
        scored.cutoff_date,
        scored.horizon_days,
        scored.customer_id,
        scored.customer_number,
        outcomes.net_amount::double as actual_amount

    from {{ ref('int_lifetime_value_scored') }} as scored
    inner join {{ ref('int_customer_outcomes') }} as outcomes
        on
            scored.customer_id = outcomes.customer_id
            and scored.cutoff_date = outcomes.snapshot_date
            and scored.horizon_days = outcomes.horizon_days

    where
        not scored.is_as_of_date
        and outcomes.is_observed

)

select
    all_models.cutoff_date,
    all_models.horizon_days,
    outcomes.customer_id,
    all_models.model,
    all_models.predicted_amount,
    outcomes.actual_amount

from all_models
inner join outcomes
    on
        all_models.customer_number = outcomes.customer_number
        and all_models.cutoff_date = outcomes.cutoff_date
        and all_models.horizon_days = outcomes.horizon_days
