-- Grain: one row per customer, slot and rank: why the product is recommended, in words.

with

recommendations as (

    select * from {{ ref('ml_recommendations') }}

),

habits as (

    select
        habits.*,
        -- Several invoices of a week are no rhythm, nor is one that broke off.
        habits.order_count >= 3
        and habits.mean_gap_days >= 2
        and habits.last_days_ago <= 2 * habits.mean_gap_days as is_regular,
        cast({{ dbt.dateadd(
            'day', '-habits.last_days_ago', 'clock.as_of_date'
        ) }} as date) as last_date

    from {{ ref('int_recommendation_habits') }} as habits
    cross join {{ ref('int_as_of_date') }} as clock

)

select
    recommendations.customer_number,
    recommendations.slot,
    recommendations.rank,
    case
        when habits.is_regular and habits.mean_gap_days >= 11
            then
                'you order this about every '
                || round(habits.mean_gap_days / 7)::int::string || ' weeks'
        when habits.is_regular
            then
                'you order this about every '
                || round(habits.mean_gap_days)::int::string || ' days'
        when habits.order_count > 2
            then
                'you ordered this ' || habits.order_count::string
                || ' times, last on ' || habits.last_date::string
        when habits.order_count = 2
            then
                'you ordered this twice, last on ' || habits.last_date::string
        when habits.order_count = 1
            then 'you ordered this on ' || habits.last_date::string
        when
            partners.confidence >= {{ var('basket_min_confidence') }}
            or recommendations.source in ('association_rules', 'item_knn')
            and partners.confidence is not null
            then
                'bought with ' || partners.bought_name || ' in '
                || round(100 * partners.confidence)::int::string || '% of its baskets'
        when recommendations.source = 'popularity'
            then 'one of the products ordered most'
        when recommendations.source = 'recent_popularity'
            then
                'ordered often in the last {{ var("recommendation_recent_days") }} days'
        else 'customers who order what you order also order this'
    end as reason_text

from recommendations
left join habits
    on
        recommendations.customer_number = habits.customer_number
        and recommendations.product_number = habits.product_number
left join {{ ref('int_recommendation_partners') }} as partners
    on
        recommendations.customer_number = partners.customer_number
        and recommendations.product_number = partners.product_number
