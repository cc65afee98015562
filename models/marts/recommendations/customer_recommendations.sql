-- Grain: one row per known customer, slot and rank.

{% if not has_area('recommendations') %}
{{ no_rows() }}
{% else %}

with

recommendations as (

    select
        recommendations.*,
        chances.chance,
        -- Where nothing was judged yet, what was bought before comes first.
        row_number() over (
            partition by recommendations.customer_number
            order by
                chances.chance desc nulls last,
                recommendations.slot desc,
                recommendations.rank asc
        ) as overall_rank

    from {{ ref('ml_recommendations') }} as recommendations
    left join {{ ref('int_recommendation_chances') }} as chances
        on
            chances.cutoff_number = 0
            and recommendations.slot = chances.slot
            and recommendations.customer_number = chances.customer_number
            and recommendations.rank = chances.rank

)

select
    customers.customer_id,
    recommendations.slot,
    recommendations.rank,
    products.product_id,
    model_runs.model_run_id,

    products.product_name as product,
    recommendations.source,
    reasons.reason_text,
    recommendations.model as model_name,
    choice.status,

    recommendations.overall_rank,
    recommendations.chance as score,

    {{ as_of_date() }} as as_of_date

from recommendations
inner join {{ ref('int_recommendation_customers') }} as customers
    on recommendations.customer_number = customers.customer_number
inner join {{ ref('int_basket_products') }} as products
    on recommendations.product_number = products.product_number
inner join {{ ref('int_recommendation_reasons') }} as reasons
    on
        recommendations.customer_number = reasons.customer_number
        and recommendations.slot = reasons.slot
        and recommendations.rank = reasons.rank
inner join {{ ref('int_recommender_choice') }} as choice
    on recommendations.slot = choice.slot
inner join {{ ref('int_recommendations_model_runs') }} as model_runs
    on
        recommendations.model = model_runs.model
        and recommendations.slot = model_runs.variant
        and model_runs.is_serving
{% endif %}
