-- Grain: one row per horizon and model that was tried: how it ranks.

with

metrics as (

    select * from {{ ref('lifetime_value_metrics') }}

),

-- Customers are ranked within a day, so the mean of the cut-offs counts.
by_model as (

    select
        horizon_days,
        model,
        is_baseline,
        count(cutoff_date) as cutoff_count,
        round(avg(gini) filter (where cutoff_date is not null), 9) as mean_gini,
        max(case when cutoff_date is null then bias end) as bias,
        max(case when cutoff_date is null then interval_coverage end)
            as interval_coverage,
        max(case when cutoff_date is null then n end) as n,
        min(cutoff_date) as first_cutoff_date,
        max(cutoff_date) as last_cutoff_date

    from metrics

    group by
        horizon_days,
        model,
        is_baseline

),

-- What would serve where no model does. Historic value is no amount of a horizon, and a
-- total this far off is served only where all are.
allowed as (

    select
        *,
        model in ('last_period', 'run_rate') as is_rival,
        coalesce(abs(bias) <= {{ var('lifetime_value_max_bias') }}, false) as is_true

    from by_model

),

compared as (

    select
        *,
        max(cutoff_count) over (partition by horizon_days) as most_cutoffs,
        coalesce(
            max(case when is_rival and is_true then mean_gini end) over (
                partition by horizon_days
            ),
            max(case when is_rival then mean_gini end) over (partition by horizon_days)
        ) as baseline_gini

    from allowed

),

judged as (

    select
        *,
        -- A model that is missing at a cut-off has not stood the same test.
        coalesce(
            not is_baseline
            and model <> 'mbg_nbd_without_season'
            and model <> 'bg_nbd_without_season'
            and cutoff_count = most_cutoffs
            and is_true
            and mean_gini > baseline_gini, false
        ) as is_qualified

    from compared

),

-- A difference in ranks this small is none: the total decides.
near_best as (

    select
        *,
        is_qualified
        and mean_gini >= max(case when is_qualified then mean_gini end) over (
            partition by horizon_days
        ) - {{ var('lifetime_value_gini_tolerance') }} as is_near_best

    from judged

)

select
    *,
    row_number() over (
        partition by horizon_days
        order by
            coalesce(is_near_best, false) desc,
            case when is_near_best then abs(bias) end asc nulls last,
            is_qualified desc,
            -- Where nothing qualifies: a baseline, one with a true total if one has it.
            is_rival desc,
            is_true desc,
            mean_gini desc nulls last,
            abs(bias) asc nulls last,
            model asc
    ) as choice_number

from near_best
