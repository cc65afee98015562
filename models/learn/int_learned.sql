-- Grain: one row: as of when, and from what, the last build learned.

select
    clock.learning_date,
    fingerprints.data_fingerprint

from {{ ref('int_as_of_date') }} as clock
cross join {{ ref('int_data_fingerprint') }} as fingerprints
