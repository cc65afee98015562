-- Grain: one row per target, model, variant, cut-off (null: pooled) and tenth of the
-- probability scale that has predictions.

with

bins as (

    select
        target,
        model,
        variant,
        cutoff_date,
        least(floor(10 * probability), 9)::int + 1 as bin,
        sum(n)::bigint as n,
        sum(positive_count)::bigint as positive_count,
        -- Decimal: the sum of doubles hangs on their order.
        sum((n * probability)::decimal(38, 12)) as probability_sum

    from {{ ref('int_classifier_scores') }}

    group by all

),

pooled as (

    select * from bins

    union all

    select
        target,
        model,
        variant,
        null as cutoff_date,
        bin,
        sum(n)::bigint as n,
        sum(positive_count)::bigint as positive_count,
        sum(probability_sum) as probability_sum

    from bins

    group by all

)

select
    target,
    model,
    variant,

    bin,
    n,
    positive_count,
    round(probability_sum::double / n, 9) as mean_probability,
    positive_count::double / n as observed_rate,

    {{ split_columns('target', 'cutoff_date') }}

from pooled
