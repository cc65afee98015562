-- Grain: one row of int_lifetime_value_training at the last earlier cut-off of the
-- shortest horizon.
{{ config(materialized='view') }}

select * from {{ ref('int_lifetime_value_training') }}

where
    horizon_days = {{ lifetime_value_horizons() | first }}
    and cutoff_date = (
        select max(cutoffs.cutoff_date)

        from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs

        where
            cutoffs.horizon_days = {{ lifetime_value_horizons() | first }}
            and not cutoffs.is_as_of_date
    )
