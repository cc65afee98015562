-- Grain: one row per solution and cluster.

with

axes as (

    select * from {{ ref('int_segment_axes') }}

),

members as (

    select * from {{ ref('int_cluster_members') }}

),

elements as (

    select
        members.solution_number,
        members.feature_set,
        members.label,
        axes.position,
        {{ vector_element('members.vector', 'axes.position') }} as element

    from members
    inner join axes on members.feature_set = axes.feature_set

),

averages as (

    select
        solution_number,
        feature_set,
        label,
        position,
        count(*) as customer_count,
        -- Rounded, because the last digits of a sum depend on the order of the rows.
        round(avg(element), 9) as mean_element,
        round(var_pop(element) * count(*), 9) as squares

    from elements

    group by
        solution_number,
        feature_set,
        label,
        position

)

select
    solution_number,
    feature_set,
    label,
    max(customer_count) as customer_count,
    round(sum(squares), 6) as squared_distance_sum,
    array_agg(mean_element order by position) as centre

from averages

group by
    solution_number,
    feature_set,
    label
