-- Grain: one row per model, horizon, date it is used at and group of customers with
-- like predictions: between which multiples of the prediction 80 % of the amounts came
-- in, at cut-offs whose outcomes were known by the date.

with

cutoffs as (

    -- What serves at the as-of date is learned at the learning date.
    select
        horizon_days,
        least(cutoff_date, {{ learning_date() }}) as cutoff_date

    from {{ ref('int_lifetime_value_cutoffs') }}

),

backtest as (

    select
        *,
        cast({{ dbt.dateadd('day', 'horizon_days', 'cutoff_date') }} as date)
            as outcome_end_date

    from {{ ref('int_backtest_amounts') }}

    where predicted_amount > 0

),

placed as (

    select
        backtest.model,
        backtest.horizon_days,
        cutoffs.cutoff_date,
        backtest.predicted_amount,
        backtest.actual_amount,
        backtest.actual_amount / backtest.predicted_amount as ratio,
        rank() over (
            partition by backtest.model, backtest.horizon_days, cutoffs.cutoff_date
            order by backtest.predicted_amount
        ) - 1 as lower_count,
        count(*) over (
            partition by backtest.model, backtest.horizon_days, cutoffs.cutoff_date
        ) as customer_count

    from backtest
    inner join cutoffs
        on
            backtest.horizon_days = cutoffs.horizon_days
            and backtest.outcome_end_date <= cutoffs.cutoff_date

),

-- Hundredths, so that the best customers are among their like; groups of 100 at least.
binned as (

    select
        *,
        floor(
            least(100, greatest(1, floor(customer_count / 100.0)))
            * lower_count::double / customer_count
        )::int as bin

    from placed

),

-- Where one in ten or more buys nothing, nothing is the lower end, and all that may be
-- missed lies above.
factors as (

    select
        model,
        horizon_days,
        cutoff_date,
        bin,
        min(predicted_amount) as from_amount,
        count(*) as customer_count,
        avg((actual_amount = 0)::int) as zero_share,
        percentile_cont(0.1) within group (order by ratio) as tenth,
        percentile_cont(0.8) within group (order by ratio) as four_fifths,
        percentile_cont(0.9) within group (order by ratio) as nine_tenths

    from binned

    group by
        model,
        horizon_days,
        cutoff_date,
        bin

)

select
    model,
    horizon_days,
    cutoff_date,
    bin,
    case
        when
            row_number() over (
                partition by model, horizon_days, cutoff_date
                order by bin
            ) > 1
            then from_amount
        else 0.0
    end as from_amount,
    lead(from_amount) over (
        partition by model, horizon_days, cutoff_date
        order by bin
    ) as to_amount,
    round(case when zero_share >= 0.1 then 0 else tenth end, 9) as low_factor,
    round(case when zero_share >= 0.1 then four_fifths else nine_tenths end, 9)
        as high_factor,
    round(zero_share, 9) as nothing_share,
    customer_count

from factors
