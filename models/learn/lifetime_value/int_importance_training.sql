-- Grain: one row of int_lifetime_value_training at the last earlier cut-off of the
-- shortest horizon.
{{ config(materialized='view') }}

select
    training.cutoff_date,
    training.horizon_days,
    training.amount,
    {% for feature in snapshot_features() %}
    training.{{ feature }},
    {% endfor %}
    training.row_number

from {{ ref('int_lifetime_value_training') }} as training

where
    training.horizon_days = {{ lifetime_value_horizons() | first }}
    and training.cutoff_date = (
        select max(cutoffs.cutoff_date)

        from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs

        where
            cutoffs.horizon_days = {{ lifetime_value_horizons() | first }}
            and not cutoffs.is_as_of_date
    )
