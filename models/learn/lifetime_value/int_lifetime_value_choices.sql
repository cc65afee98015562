-- Grain: one row per horizon and model that was tried: how it ranks.

with

metrics as (

    select * from {{ ref('lifetime_value_metrics') }}

),

-- Customers are ranked and forecast at a day: the mean of the cut-offs counts, and for
-- a total the worst of them.
by_model as (

    select
        horizon_days,
        model,
        is_baseline,
        count(cutoff_date) as cutoff_count,
        round(avg(gini::decimal(18, 9)) filter (where cutoff_date is not null), 9)
            as mean_gini,
        {% for column in [
            'bias', 'mean_absolute_bias', 'worst_bias', 'bias_below_top_decile',
            'interval_coverage', 'lowest_interval_coverage', 'highest_interval_coverage', 'n',
        ] %}
        max(case when cutoff_date is null then {{ column }} end) as {{ column }},
        {% endfor %}
        min(cutoff_date) as first_cutoff_date,
        max(cutoff_date) as last_cutoff_date

    from metrics

    group by
        horizon_days,
        model,
        is_baseline

),

-- Historic value is no amount of a horizon, and models without season are tried to see
-- what the season is worth. What is missing at a cut-off has not stood the same test.
candidates as (

    select
        *,
        coalesce(
            model not in ('historic_value', 'zero')
            and model not like '%_without_season'
            and cutoff_count = max(cutoff_count) over (partition by horizon_days)
            and bias is not null, false
        ) as is_candidate,
        coalesce(abs(worst_bias) <= {{ var('lifetime_value_max_bias') }}, false)
            as is_true

    from by_model

),

compared as (

    select
        *,
        -- A difference in ranks this small is none: the total decides.
        is_candidate
        and is_true
        and coalesce(
            mean_gini >= max(
                case when is_candidate and is_true then mean_gini end
            ) over (partition by horizon_days)
            - {{ var('lifetime_value_gini_tolerance') }}, true
        ) as is_near_best,
        max(case when is_candidate and is_baseline then mean_gini end) over (
            partition by horizon_days
        ) as baseline_gini,
        first_value(case when is_candidate and is_baseline then model end) over (
            partition by horizon_days
            order by
                is_candidate and is_baseline desc,
                mean_gini desc nulls last,
                model asc
        ) as baseline_model

    from candidates

)

-- Models and baselines are judged alike: a total that is true at every cut-off first,
-- then ranks, then the truer total; where no total is true, the least wrong one, to the
-- whole percent.
select
    *,
    row_number() over (
        partition by horizon_days
        order by
            is_candidate desc,
            is_near_best desc,
            case when is_near_best then mean_absolute_bias end asc nulls last,
            is_true desc,
            case when is_true then mean_gini end desc nulls last,
            round(mean_absolute_bias, 2) asc nulls last,
            mean_gini desc nulls last,
            is_baseline desc,
            model asc
    ) as choice_number

from compared
