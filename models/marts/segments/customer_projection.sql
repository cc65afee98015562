-- Grain: one row per scheme and customer: where the customer stands on two axes.

with

axes as (

    select
        feature_set,
        axis,
        array_agg(loading order by position) as loadings,
        round(sum(origin * loading), 9) as origin,
        max(explained_variance) as explained_variance

    from {{ ref('ml_segment_axes') }}

    group by
        feature_set,
        axis

),

vectors as (

    select
        feature_set,
        customer_id,
        vector

    from {{ ref('int_segment_vectors') }}

    where is_as_of_date

),

taste_axes as (

    select * from {{ ref('ml_taste_axes') }}

),

positions as (

    select
        vectors.customer_id,
        vectors.feature_set || '_pca' as scheme,
        axes.axis,
        {{ vector_product('vectors.vector', 'axes.loadings') }} - axes.origin
            as position,
        axes.explained_variance

    from vectors
    inner join axes on vectors.feature_set = axes.feature_set

    union all

    select
        weights.customer_id,
        'product_svd' as scheme,
        taste_axes.axis,
        round(sum(weights.weight * taste_axes.loading), 9) as position,
        max(taste_axes.explained_variance) as explained_variance

    from {{ ref('int_taste_weights') }} as weights
    inner join taste_axes on weights.product_id = taste_axes.product_id

    group by
        weights.customer_id,
        taste_axes.axis

)

select
    customer_id,
    scheme,

    max(case when axis = 1 then position end) as x,
    max(case when axis = 2 then position end) as y,
    max(case when axis = 1 then explained_variance end) as explained_variance_x,
    max(case when axis = 2 then explained_variance end) as explained_variance_y

from positions

group by
    customer_id,
    scheme
