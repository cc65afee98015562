-- Grain: one row per served solution, cluster and feature: the cluster's mean.

with

served as (

    select
        feature_set,
        algorithm,
        parameter

    from {{ ref('cluster_selection') }}

    where is_best_of_algorithm

),

measures as (

    select * from {{ ref('int_cluster_measures') }}

),

centres as (

    select * from {{ ref('int_cluster_centres') }}

),

axes as (

    select * from {{ ref('int_segment_axes') }}

)

select
    measures.feature_set,
    measures.algorithm,
    centres.label,
    axes.feature,
    axes.position,
    {{ vector_element('centres.centre', 'axes.position') }} as element,
    {{ vector_element('centres.centre', 'axes.position') }} * axes.unit + axes.origin
        as centre,
    -- What a distance is measured in.
    axes.unit,
    centres.customer_count

from served
inner join measures
    on
        served.feature_set = measures.feature_set
        and served.algorithm = measures.algorithm
        and served.parameter = measures.parameter
inner join centres on measures.solution_number = centres.solution_number
inner join axes on measures.feature_set = axes.feature_set
