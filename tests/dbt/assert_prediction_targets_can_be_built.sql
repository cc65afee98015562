-- Every row of the seed says something that can be built. One that cannot stops the
-- build before anything is fitted, with what is wrong in words.

with

judged as (

    select
        target,
        case
            when population is null or population not in ('customer', 'first_order')
                then 'population must be customer or first_order'
            when horizon_days is null or horizon_days < 1
                then 'horizon_days must be 1 or more'
            when
                population = 'customer'
                and horizon_days not in ({{ var('horizons_days') | join(', ') }})
                then 'horizon_days must be one of the variable horizons_days'
            when population = 'customer' and coalesce(kind, '') <> 'binary'
                then 'kind must be binary for the population customer'
            when
                population = 'customer'
                and coalesce(eligibility, '')
                not in ('everyone', 'active', 'one_order', 'repeat')
                then 'eligibility must be everyone, active, one_order or repeat'
            when
                population = 'customer'
                and coalesce(positive_when, '')
                not in ('order', 'no_order', 'top_spend')
                then 'positive_when must be order, no_order or top_spend'
            when
                population = 'first_order' and coalesce(eligibility, '') <> 'everyone'
                then 'eligibility must be everyone for first orders'
            when
                population = 'first_order'
                and coalesce(kind, '') || ' ' || coalesce(positive_when, '')
                not in ('binary order', 'amount amount', 'multiclass segment')
                then
                    'kind and positive_when must be binary and order, '
                    || 'amount and amount, or multiclass and segment'
        end as problem

    from {{ ref('prediction_targets') }}

)

-- In the condition, as dbt counts rows and looks at no column.
select target

from judged

where
    case
        when problem is not null
            then {{ stop_with(
                "'prediction_targets.csv: ' || coalesce(target, '(no name)') || ': ' "
                ~ "|| problem"
            ) }} is null
    end
