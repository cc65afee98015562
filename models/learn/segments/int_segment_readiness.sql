-- Grain: one row per feature set: whether there is enough to cluster, and what is not.

with

sets as (

    {% for feature_set in var('segment_feature_sets') %}
    select
        '{{ feature_set }}' as feature_set,
        {{ has_segment_events(feature_set) }} as is_of_events
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

axes as (

    select
        feature_set,
        count(*) as feature_count,
        count(*) filter (where is_varying) as varying_feature_count

    from {{ ref('int_segment_axes') }}

    group by feature_set

),

points as (

    select
        feature_set,
        count(*) as customer_count

    from {{ ref('int_segment_vectors') }}

    where is_learning_date

    group by feature_set

),

distinct_points as (

    select
        feature_set,
        count(distinct vector) as distinct_count

    from {{ ref('int_segment_vectors') }}

    where
        is_learning_date
        and draw_number <= {{ var('segment_sample_size') }}

    group by feature_set

),

counted as (

    select
        sets.feature_set,
        sets.is_of_events,
        coalesce(axes.feature_count, 0) as feature_count,
        coalesce(axes.varying_feature_count, 0) as varying_feature_count,
        coalesce(points.customer_count, 0) as customer_count,
        coalesce(distinct_points.distinct_count, 0) as distinct_count

    from sets
    left join axes on sets.feature_set = axes.feature_set
    left join points on sets.feature_set = points.feature_set
    left join distinct_points on sets.feature_set = distinct_points.feature_set

),

judged as (

    select
        *,
        case
            when feature_count = 0
                then
                    case
                        when is_of_events
                            then
                                'none of its dated events is there '
                                || '(customer_events_path, '
                        else
                            'none of its customer attributes is there '
                            || '(customer_attributes_path, '
                    end || 'segment_feature_sets)'
            when customer_count < {{ var('segment_min_customers') }}
                then
                    customer_count || ' customers, at least '
                    || '{{ var("segment_min_customers") }} are needed '
                    || '(segment_min_customers)'
            when varying_feature_count = 0
                then 'every customer is the same in every feature'
            when distinct_count < {{ var('segment_min_count') }}
                then
                    'only ' || distinct_count || ' different customers, at least '
                    || '{{ var("segment_min_count") }} are needed (segment_min_count)'
        end as missing

    from counted

)

select
    feature_set,
    feature_count,
    varying_feature_count,
    customer_count,
    distinct_count,
    missing,
    missing is null as is_ready

from judged
