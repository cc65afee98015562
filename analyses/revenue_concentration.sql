-- How much of the revenue do the best 1, 5, 10, 20 and 50 % of the customers bring?

with

customers as (

    select * from {{ ref('customers') }}

    where net_amount > 0

),

ranked as (

    select
        net_amount,
        row_number() over (order by net_amount desc, customer_id asc) as value_rank,
        count(*) over () as customer_count,
        sum(net_amount) over () as total_amount

    from customers

),

shares as (

    select listed.best_share
    from (values (0.01), (0.05), (0.10), (0.20), (0.50)) as listed (best_share)

)

select
    shares.best_share,

    count(*) as customer_count,
    sum(ranked.net_amount) as net_amount,
    sum(ranked.net_amount) / min(ranked.total_amount) as net_amount_share,
    min(ranked.net_amount) as least_amount

from shares
inner join ranked
    on ranked.value_rank <= ceil(shares.best_share * ranked.customer_count)

group by shares.best_share

order by shares.best_share
