-- Grain: one row per feature set, algorithm and segment that any build has found.

select distinct
    feature_set,
    algorithm,
    segment_id::string as segment_id,

    status,

    drift,
    status in ('new', 'kept') as is_current,

    first_date::date as first_as_of_date,
    last_date::date as last_as_of_date

from {{ ref('ml_segment_ids') }}
