-- Positions along an axis are distances only where the axis has length 1. The second
-- axis of a single feature explains nothing and has none.

select
    scheme,
    axis,
    sum(loading * loading) as squared_length

from {{ ref('projection_loadings') }}

where explained_variance > 0

group by
    scheme,
    axis

having abs(sum(loading * loading) - 1) > 1e-6
