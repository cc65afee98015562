-- Every customer with a purchase is in one audience, and none but them.

select coalesce(buyers.customer_id, audiences.customer_id) as customer_id

from {{ ref('customer_lifetime_value') }} as buyers
full outer join {{ ref('campaign_audiences') }} as audiences
    on buyers.customer_id = audiences.customer_id

where
    buyers.customer_id is null
    or audiences.customer_id is null
