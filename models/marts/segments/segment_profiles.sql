-- Grain: one row per scheme and segment.

with

names as (

    select * from {{ ref('int_segment_names') }}

),

playbook as (

    select * from {{ ref('playbook') }}

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
        coalesce(sum(snapshots.net_amount), 0)::decimal(18, 4) as net_amount

    from {{ ref('int_scheme_members') }} as members
    left join snapshots on members.customer_id = snapshots.customer_id

    group by
        members.scheme,
        members.segment_id

),

profile_features as (

    select * from {{ ref('segment_profile_features') }}

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
            as median_{{ feature }}{{ ',' if not loop.last }}
        {% endfor %}

    from profile_features

    group by
        scheme,
        segment_id

),

-- The features that set a segment apart most, with its mean beside everyone's.
traits as (

    select
        scheme,
        segment_id,
        string_agg(
            replace(replace(feature, 'attribute.', ''), '_', ' ')
            || ' ' || round(mean_value, 2)::string
            || ' (all ' || round(all_mean_value, 2)::string || ')', '; '
            order by abs(deviation) desc, feature
        ) as traits

    from (
        select *

        from profile_features

        qualify
            row_number() over (
                partition by scheme, segment_id
                order by abs(deviation) desc, feature asc
            ) <= 5
    ) as strongest

    group by
        scheme,
        segment_id

)

select
    sizes.scheme,
    sizes.segment_id,

    names.segment_name,
    coalesce(selection.feature_set, 'rfm') as feature_set,
    coalesce(selection.algorithm, 'rules') as algorithm,
    coalesce(own_playbook.persona, any_playbook.persona)
    || case
        when medians.median_order_count is not null
            then ': typically ' || round(medians.median_order_count)::bigint::string
                || ' orders worth ' || round(medians.median_net_amount)::bigint::string
                || ' {{ var("currency") }} in all, the last '
                || round(medians.median_recency_days)::bigint::string || ' days ago.'
        else '.'
    end as persona,
    coalesce(own_playbook.recommended_action, any_playbook.recommended_action)
        as recommended_action,
    coalesce(own_playbook.channel_hint, any_playbook.channel_hint) as channel_hint,
    traits.traits,
    top_values.top_products,
    top_values.top_countries,

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
inner join names
    on
        sizes.scheme = names.scheme
        and sizes.segment_id = names.segment_id
left join selection on sizes.scheme = selection.scheme
left join playbook as own_playbook on names.base_name = own_playbook.segment_name
inner join playbook as any_playbook on any_playbook.segment_name = '*'
left join medians
    on
        sizes.scheme = medians.scheme
        and sizes.segment_id = medians.segment_id
left join traits
    on
        sizes.scheme = traits.scheme
        and sizes.segment_id = traits.segment_id
left join {{ ref('int_segment_top_values') }} as top_values
    on
        sizes.scheme = top_values.scheme
        and sizes.segment_id = top_values.segment_id
