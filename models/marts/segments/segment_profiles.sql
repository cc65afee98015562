-- Grain: one row per scheme and segment.

with

descriptions as (

    select * from {{ ref('int_segment_descriptions') }}

),

selection as (

    select
        feature_set || '_' || algorithm as scheme,
        feature_set,
        algorithm,
        is_chosen

    from {{ ref('cluster_selection') }}

    where is_best_of_algorithm

),

snapshots as (

    select
        customer_id,
        net_amount

    from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

),

sizes as (

    select
        members.scheme,
        members.segment_id,
        count(*) as customer_count,
        coalesce(sum(snapshots.net_amount), 0)::decimal(38, 4) as net_amount

    from {{ ref('int_scheme_members') }} as members
    left join snapshots on members.customer_id = snapshots.customer_id

    group by
        members.scheme,
        members.segment_id

),

{% set medians = [
    'recency_days', 'tenure_days', 'order_count', 'net_amount', 'average_order_amount',
    'median_days_between_orders', 'distinct_product_count', 'lines_per_order',
    'discounted_line_share', 'return_rate', 'fourth_quarter_order_share',
] %}
medians as (

    select
        scheme,
        segment_id,
        {% for feature in medians %}
        max(case when feature = '{{ feature }}' then median_value end)
            as median_{{ feature }},
        {% endfor %}
        count(*) as feature_count

    from {{ ref('segment_profile_features') }}

    group by
        scheme,
        segment_id

)

select
    sizes.scheme,
    sizes.segment_id,

    descriptions.segment_name,
    coalesce(selection.feature_set, 'rfm') as feature_set,
    coalesce(selection.algorithm, 'rules') as algorithm,
    descriptions.persona,
    descriptions.recommended_action,
    descriptions.channel_hint,
    highlights.traits,
    top_products.top_products,
    top_countries.top_countries,

    sizes.customer_count,
    sizes.customer_count::double
    / sum(sizes.customer_count) over (partition by sizes.scheme) as customer_share,
    sizes.net_amount,
    (
        sizes.net_amount
        / nullif(sum(sizes.net_amount) over (partition by sizes.scheme), 0)
    )::double as net_amount_share,
    {% for feature in medians %}
    medians.median_{{ feature }},
    {% endfor %}

    coalesce(selection.is_chosen, false) as is_chosen

from sizes
inner join descriptions
    on
        sizes.scheme = descriptions.scheme
        and sizes.segment_id = descriptions.segment_id
left join selection on sizes.scheme = selection.scheme
left join medians
    on
        sizes.scheme = medians.scheme
        and sizes.segment_id = medians.segment_id
left join {{ ref('int_segment_highlights') }} as highlights
    on
        sizes.scheme = highlights.scheme
        and sizes.segment_id = highlights.segment_id
left join {{ ref('int_segment_top_products') }} as top_products
    on
        sizes.scheme = top_products.scheme
        and sizes.segment_id = top_products.segment_id
left join {{ ref('int_segment_top_countries') }} as top_countries
    on
        sizes.scheme = top_countries.scheme
        and sizes.segment_id = top_countries.segment_id
