-- Raw lines and money are kept or excluded, to the last line and the last penny.

select
    check_name,
    difference

from {{ ref('reconciliation') }}

where difference <> 0
