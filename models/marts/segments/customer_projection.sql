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

-- Both axes in a row: a customer's place then takes one row too.
planes as (

    select
        feature_set,
        max(case when axis = 1 then loadings end) as loadings_1,
        max(case when axis = 2 then loadings end) as loadings_2,
        max(case when axis = 1 then origin end) as origin_1,
        max(case when axis = 2 then origin end) as origin_2,
        max(case when axis = 1 then explained_variance end) as explained_variance_1,
        max(case when axis = 2 then explained_variance end) as explained_variance_2

    from axes

    group by feature_set

),

vectors as (

    select
        feature_set,
        customer_id,
        vector

    from {{ ref('int_segment_vectors') }}

    where is_as_of_date

),

taste_planes as (

    select
        product_id,
        max(case when axis = 1 then loading end) as loading_1,
        max(case when axis = 2 then loading end) as loading_2,
        max(case when axis = 1 then explained_variance end) as explained_variance_1,
        max(case when axis = 2 then explained_variance end) as explained_variance_2

    from {{ ref('ml_taste_axes') }}

    group by product_id

)

select
    vectors.customer_id,
    vectors.feature_set || '_pca' as scheme,

    {{ vector_product('vectors.vector', 'planes.loadings_1') }} - planes.origin_1
        as x,
    {{ vector_product('vectors.vector', 'planes.loadings_2') }} - planes.origin_2
        as y,
    planes.explained_variance_1 as explained_variance_x,
    planes.explained_variance_2 as explained_variance_y

from vectors
inner join planes on vectors.feature_set = planes.feature_set

union all

select
    customer_products.customer_id,
    'product_svd' as scheme,

    {% for axis in [1, 2] %}
    round(
        sum(ln(1 + customer_products.order_count) * taste_planes.loading_{{ axis }})
        / sqrt(round(sum(power(ln(1 + customer_products.order_count), 2)), 9)), 9
    ) as {{ 'x' if axis == 1 else 'y' }},
    {% endfor %}
    max(taste_planes.explained_variance_1) as explained_variance_x,
    max(taste_planes.explained_variance_2) as explained_variance_y

from {{ ref('int_customer_products') }} as customer_products
-- A product that no sampled customer bought has a length, but no place on an axis.
left join taste_planes on customer_products.product_id = taste_planes.product_id

group by customer_products.customer_id

having count(taste_planes.product_id) > 0
