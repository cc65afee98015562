-- Grain: one row per cut-off and customer there is a forecast for: what regressors are
-- tried on, and what they score as of the as-of date.
{{ config(materialized='view') }}

with

scored as (

    select distinct
        cutoff_date,
        is_as_of_date,
        customer_id,
        customer_number

    from {{ ref('int_lifetime_value_scored') }}

)

select
    scored.cutoff_date,
    scored.is_as_of_date,
    scored.customer_number,
    {{ regressor_features('snapshots') }}

from scored
inner join {{ ref('int_customer_snapshots') }} as snapshots
    on
        scored.customer_id = snapshots.customer_id
        and scored.cutoff_date = snapshots.snapshot_date
