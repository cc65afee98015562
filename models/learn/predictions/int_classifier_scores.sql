-- Grain: one row per target, model, variant, cut-off and probability that was given:
-- how many got it, and how many got more or less. All measures come from here, so that
-- equal probabilities are always treated alike.

with

scores as (

    select
        target,
        model,
        variant,
        cutoff_date,
        is_baseline,
        probability,
        count(*) as n,
        count(*) filter (where is_positive) as positive_count

    from {{ ref('int_classifier_predictions') }}

    group by
        target,
        model,
        variant,
        cutoff_date,
        is_baseline,
        probability

),

totals as (

    select
        *,
        n - positive_count as negative_count,
        sum(n) over (
            partition by target, model, variant, cutoff_date
            order by probability desc
        ) as n_from,
        sum(positive_count) over (
            partition by target, model, variant, cutoff_date
            order by probability desc
        ) as positive_count_from,
        sum(n) over (partition by target, model, variant, cutoff_date) as n_all,
        sum(positive_count) over (partition by target, model, variant, cutoff_date)
            as positive_count_all

    from scores

)

select
    target,
    model,
    variant,
    cutoff_date,
    is_baseline,
    probability,
    n,
    positive_count,
    negative_count,
    n_from::bigint as n_from,
    positive_count_from::bigint as positive_count_from,
    (n_from - positive_count_from)::bigint as negative_count_from,
    n_all::bigint as n_all,
    positive_count_all::bigint as positive_count_all,
    (n_all - positive_count_all)::bigint as negative_count_all,
    -- Placements (DeLong et al. 1988), ties counting half: the share of negatives that
    -- a positive with this probability is above, and of positives that a negative is
    -- below.
    (
        n_all - positive_count_all - (n_from - positive_count_from)
        + negative_count / 2.0
    ) / nullif(n_all - positive_count_all, 0) as negatives_below,
    (positive_count_from - positive_count / 2.0) / nullif(positive_count_all, 0)
        as positives_above

from totals
