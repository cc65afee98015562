-- Grain: one row per scheme, axis and item (a feature, or a product).

select
    axes.feature_set || '_pca' as scheme,
    axes.axis,
    set_axes.feature as item,

    axes.loading,
    axes.explained_variance

from {{ ref('ml_segment_axes') }} as axes
inner join {{ ref('int_segment_axes') }} as set_axes
    on
        axes.feature_set = set_axes.feature_set
        and axes.position = set_axes.position

union all

select
    'product_svd' as scheme,
    axis,
    product_id as item,

    loading,
    explained_variance

from {{ ref('ml_taste_axes') }}
