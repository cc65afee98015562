-- Grain: one row: as of when, and from what, the last build learned.

select
    learning_date,
    data_fingerprint

from {{ ref('int_as_of_date') }}
