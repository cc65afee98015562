-- Grain: one row per product and signal.

with

signals as (

    select * from {{ ref('int_product_signals') }}

),

products as (

    select * from {{ ref('products') }}

),

trends as (

    select * from {{ ref('int_product_trends') }}

),

links as (

    select
        product_id_a as product_id,
        product_id_b as partner_id,
        product_b as partner,
        confidence_a_to_b as confidence

    from {{ ref('product_affinity') }}

    where is_significant

    union all

    select
        product_id_b as product_id,
        product_id_a as partner_id,
        product_a as partner,
        confidence_b_to_a as confidence

    from {{ ref('product_affinity') }}

    where is_significant

),

-- What its buyers take along most often, of what sells.
bundles as (

    select links.*

    from links
    inner join products on links.partner_id = products.product_id

    where
        products.days_since_last_sale <= 90
        and not products.is_slow_mover

    qualify
        row_number() over (
            partition by links.product_id
            order by links.confidence desc, links.partner_id asc
        ) = 1

)

select
    signals.product_id,
    signals.signal,
    case when signals.signal = 'slow_moving' then bundles.partner_id end
        as bundle_with_product_id,

    products.description,
    case when signals.signal = 'slow_moving' then bundles.partner end
        as bundle_with,

    products.abc_class,
    products.xyz_class,

    products.days_since_last_sale,
    trends.unit_count_90d,
    trends.unit_count_previous_90d,
    trends.expected_unit_count_90d,
    trends.sell_through_trend,
    trends.demand_trend,
    trends.net_amount_90d,
    -- What a quarter brings less than it used to, less or more than the season let
    -- expect; of a season, all of it. What is gone for a year has nothing to lose.
    case signals.signal
        when 'slow_moving'
            then
                greatest(
                    trends.net_amount * 90 / greatest(trends.history_days, 90)
                    - trends.net_amount_90d, 0
                )
        when 'out_of_season' then trends.net_amount_90d
        when 'delisted_or_dead' then 0
        else abs(trends.net_amount_90d - trends.expected_net_amount_90d)
    end::decimal(38, 4) as amount_at_stake,
    case when signals.signal = 'slow_moving' then bundles.confidence end
        as bundle_confidence,

    trends.is_against_last_year

from signals
inner join products on signals.product_id = products.product_id
inner join trends on signals.product_id = trends.product_id
left join bundles on signals.product_id = bundles.product_id
