-- Grain: one row per scheme and segment.

{% if not has_area('segments') %}
{{ no_rows() }}
{% else %}

{% set medians = [
    'recency_days', 'tenure_days', 'order_count', 'net_amount', 'average_order_amount',
    'median_days_between_orders', 'distinct_product_count', 'lines_per_order',
    'discounted_line_share', 'return_rate', 'fourth_quarter_order_share',
] %}

with

sizes as (

    select
        members.scheme,
        members.segment_id,
        members.feature_set,
        members.algorithm,
        members.is_chosen,
        count(*) as customer_count,
        coalesce(sum(snapshots.net_amount), 0)::decimal(38, 4) as net_amount

    from {{ ref('int_segment_members') }} as members
    left join {{ ref('int_customer_snapshots') }} as snapshots
        on
            members.customer_id = snapshots.customer_id
            and snapshots.snapshot_date = {{ as_of_date() }}

    group by
        members.scheme,
        members.segment_id,
        members.feature_set,
        members.algorithm,
        members.is_chosen

),

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

    names.segment_name,
    sizes.feature_set,
    sizes.algorithm,
    coalesce(own_play.persona, any_play.persona)
    || coalesce(highlights.typical, '') || '.' as persona,
    coalesce(own_play.recommended_action, any_play.recommended_action)
        as recommended_action,
    coalesce(own_play.channel_hint, any_play.channel_hint) as channel_hint,
    highlights.traits,
    top_items.top_products,
    top_items.top_countries,

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
    names.name_share,

    sizes.is_chosen

from sizes
{% for model, name in [
    ('int_segment_names', 'names'),
    ('int_segment_highlights', 'highlights'),
    ('int_segment_top_items', 'top_items'),
] %}
left join {{ ref(model) }} as {{ name }}
    on
        sizes.scheme = {{ name }}.scheme
        and sizes.segment_id = {{ name }}.segment_id
{% endfor %}
left join medians
    on
        sizes.scheme = medians.scheme
        and sizes.segment_id = medians.segment_id
left join {{ ref('playbook') }} as own_play on names.base_name = own_play.segment_name
inner join {{ ref('playbook') }} as any_play on any_play.segment_name = '*'
{% endif %}
