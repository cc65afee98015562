-- If we contact the tenth, fifth or half of the active customers with the highest
-- probability of a pause, how many of those who pause do we reach? (At all past
-- cut-offs.)

{{ config(enabled=has_area('predictions')) }}

with

chosen as (

    select * from {{ ref('chosen_models') }}

    where target = 'churn_90d'

),

lift as (

    select * from {{ ref('classifier_lift') }}

),

deciles as (

    select
        lift.decile,
        sum(lift.n) as customer_count,
        sum(lift.positive_count) as churned_count

    from lift
    inner join chosen
        on
            lift.target = chosen.target
            and lift.model = chosen.model
            and lift.variant = chosen.variant

    group by lift.decile

),

running as (

    select
        decile,
        customer_count,
        churned_count,
        sum(customer_count) over (order by decile) as contacted_count,
        sum(churned_count) over (order by decile) as reached_count,
        sum(customer_count) over () as all_count,
        sum(churned_count) over () as all_churned_count

    from deciles

)

select
    decile,

    churned_count::double / customer_count as churn_rate,
    contacted_count::double / all_count as contacted_share,
    reached_count::double / all_churned_count as reached_share,
    (reached_count::double / contacted_count) / (all_churned_count::double / all_count)
        as times_better_than_chance

from running

order by decile
