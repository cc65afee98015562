-- Grain: one row per solution and cluster.

with

axes as (

    select * from {{ ref('int_segment_axes') }}

),

members as (

    select * from {{ ref('int_cluster_members') }}

),

averages as (

    select
        members.solution_number,
        members.feature_set,
        members.label,
        axes.position,
        count(*) as customer_count,
        -- Rounded, because the last digits of a sum depend on the order of the rows.
        round(avg({{ vector_element('members.vector', 'axes.position') }}), 9)
            as mean_element,
        round(
            var_pop({{ vector_element('members.vector', 'axes.position') }}) * count(*),
            9
        ) as squares

    from members
    inner join axes on members.feature_set = axes.feature_set

    group by
        members.solution_number,
        members.feature_set,
        members.label,
        axes.position

),

centres as (

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

),

spreads as (

    select
        centres.solution_number,
        centres.label,
        round(avg({{ vector_distance('members.vector', 'centres.centre') }}), 9)
            as spread

    from centres
    inner join members
        on
            centres.solution_number = members.solution_number
            and centres.label = members.label

    group by
        centres.solution_number,
        centres.label

)

select
    centres.*,
    spreads.spread

from centres
inner join spreads
    on
        centres.solution_number = spreads.solution_number
        and centres.label = spreads.label
