-- Grain: one row per served solution, cluster and feature: the cluster's mean.

select
    served.feature_set,
    served.algorithm,
    served.feature_set || '_' || served.algorithm as scheme,
    centres.label,
    axes.feature,
    axes.position,
    {{ vector_element('centres.centre', 'axes.position') }} * axes.unit + axes.origin
        as centre,
    -- What a distance is measured in.
    axes.unit,
    centres.customer_count

from {{ ref('cluster_selection') }} as served
inner join {{ ref('int_cluster_measures') }} as measures
    on
        served.feature_set = measures.feature_set
        and served.algorithm = measures.algorithm
        and served.parameter = measures.parameter
inner join {{ ref('int_cluster_centres') }} as centres
    on measures.solution_number = centres.solution_number
inner join {{ ref('int_segment_axes') }} as axes
    on served.feature_set = axes.feature_set

where served.is_best_of_algorithm
