-- Grain: one row per target, model, variant, cut-off and tenth of the customers, the
-- highest probabilities first. Equal probabilities are in one tenth.

with

deciles as (

    select
        target,
        model,
        variant,
        cutoff_date,
        least(floor(10.0 * (n_from - n) / n_all), 9)::int + 1 as decile,
        sum(n) as n,
        sum(positive_count) as positive_count,
        sum(probability * n) as probability_sum,
        max(n_from) as n_from,
        max(positive_count_from) as positive_count_from,
        max(n_all) as n_all,
        max(positive_count_all) as positive_count_all

    from {{ ref('int_classifier_scores') }}

    group by all

)

select
    target,
    model,
    variant,

    decile,
    n::bigint as n,
    positive_count::bigint as positive_count,
    round(probability_sum / n, 9)::double as predicted_rate,
    positive_count::double / n as actual_rate,
    (positive_count::double / n) / nullif(positive_count_all::double / n_all, 0)
        as lift,
    n_from::double / n_all as cumulative_share,
    positive_count_from::double / nullif(positive_count_all, 0) as cumulative_gain,

    {{ split_columns('target', 'cutoff_date') }}

from deciles
