-- Grain: one row per target, model and cut-off (null: all of them together) that was
-- predicted with and without features made of events.

with

placements as (

    {{ auc_placements() }}

    where predictions.variant in ('plain', 'without_events')

),

-- Positives and negatives apart, as DeLong's variance has them.
compared as (

    select
        with_events.target,
        with_events.model,
        with_events.cutoff_date,
        with_events.is_positive,
        count(*) as n,
        avg(with_events.placement) as roc_auc,
        avg(without_events.placement) as roc_auc_without,
        var_samp(with_events.placement - without_events.placement) / count(*)
            as variance

    from placements as with_events
    inner join placements as without_events
        on
            with_events.target = without_events.target
            and with_events.model = without_events.model
            and with_events.cutoff_date = without_events.cutoff_date
            and with_events.customer_id = without_events.customer_id
            and without_events.variant = 'without_events'

    where with_events.variant = 'plain'

    group by
        with_events.target,
        with_events.model,
        with_events.cutoff_date,
        with_events.is_positive

),

by_cutoff as (

    select
        target,
        model,
        cutoff_date,
        sum(n) as n,
        max(case when is_positive then roc_auc end) as roc_auc,
        max(case when is_positive then roc_auc_without end) as roc_auc_without,
        sum(variance) as variance

    from compared

    group by
        target,
        model,
        cutoff_date

),

pooled as (

    select * from by_cutoff

    union all

    select
        target,
        model,
        null as cutoff_date,
        sum(n) as n,
        avg(roc_auc) as roc_auc,
        avg(roc_auc_without) as roc_auc_without,
        sum(variance) / power(count(*), 2) as variance

    from by_cutoff

    group by
        target,
        model

)

select
    target,
    model,
    cutoff_date,
    round(roc_auc, 9) as roc_auc,
    round(roc_auc_without, 9) as roc_auc_without_events,
    round(roc_auc - roc_auc_without, 9) as auc_gain,
    round(roc_auc - roc_auc_without - 1.96 * sqrt(variance), 9) as auc_gain_low,
    round(roc_auc - roc_auc_without + 1.96 * sqrt(variance), 9) as auc_gain_high,
    n::bigint as n

from pooled
