-- Shares of a scheme's segments are shares of the same whole: customers, and money
-- where there is any.

select
    scheme,
    sum(customer_share) as customer_share,
    sum(net_amount_share) as net_amount_share

from {{ ref('segment_profiles') }}

group by scheme

having
    abs(sum(customer_share) - 1) > 1e-9
    or (
        sum(net_amount) <> 0
        and abs(coalesce(sum(net_amount_share), 0) - 1) > 1e-9
    )
