-- Grain: one row per earlier cut-off and sampled customer: what regressors are tried
-- on.

with

scored as (

    select distinct
        cutoff_date,
        customer_id,
        customer_number

    from {{ ref('int_lifetime_value_scored') }}

    where not is_as_of_date

)

select
    scored.cutoff_date,
    scored.customer_number,
    {{ regressor_features('snapshots') }}

from scored
inner join {{ ref('int_customer_snapshots') }} as snapshots
    on
        scored.customer_id = snapshots.customer_id
        and scored.cutoff_date = snapshots.snapshot_date
