-- Of the active customers who were given a probability of about 70 % to pause for 90
-- days, how many did?
-- (By the model that serves, over all past cut-offs, and at those with the fewest and
-- the most; dates with fewer than 30 such customers are left out of these two.)

{{ config(enabled=has_area('predictions')) }}

with

chosen as (

    select * from {{ ref('chosen_models') }}

    where target = 'churn_90d'

),

calibration as (

    select calibration.*

    from {{ ref('classifier_calibration') }} as calibration
    inner join chosen
        on
            calibration.target = chosen.target
            and calibration.model = chosen.model
            and calibration.variant = chosen.variant

    where calibration.cutoff_date is not null

)

select
    bin,

    sum(n)::bigint as customer_count,
    sum(n * mean_probability) / sum(n) as said,
    sum(positive_count)::double / sum(n) as came_true,
    min(case when n >= 30 then observed_rate end) as came_true_at_least,
    max(case when n >= 30 then observed_rate end) as came_true_at_most,
    max(case when n >= 30 then abs(observed_rate - mean_probability) end)
        as worst_difference

from calibration

group by bin

order by bin
