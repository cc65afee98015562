-- Of the active customers who were given a probability of about 70 % to pause for 90
-- days, how many did?
-- (All past cut-offs together, by the model that serves.)

with

chosen as (

    select * from {{ ref('chosen_models') }}

    where target = 'churn_90d'

),

calibration as (

    select * from {{ ref('classifier_calibration') }}

    where cutoff_date is null

)

select
    calibration.bin,

    calibration.n as customer_count,
    calibration.mean_probability as said,
    calibration.observed_rate as came_true,
    calibration.observed_rate - calibration.mean_probability as difference

from calibration
inner join chosen
    on
        calibration.target = chosen.target
        and calibration.model = chosen.model
        and calibration.variant = chosen.variant

order by calibration.bin
