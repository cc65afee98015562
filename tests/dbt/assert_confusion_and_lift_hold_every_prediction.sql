-- Confusion, calibration and lift of a cut-off each count every customer judged once.

with

metrics as (

    select
        * exclude (cutoff_date),
        {{ split_key() }} as split

    from {{ ref('classifier_metrics') }}

),

calibration as (

    select
        target,
        model,
        variant,
        {{ split_key() }} as split,
        sum(n) as n,
        sum(positive_count) as positive_count

    from {{ ref('classifier_calibration') }}

    group by all

),

lift as (

    select
        target,
        model,
        variant,
        {{ split_key() }} as split,
        sum(n) as n,
        sum(positive_count) as positive_count,
        max(cumulative_gain) as gain

    from {{ ref('classifier_lift') }}

    group by all

)

select
    metrics.target,
    metrics.model,
    metrics.variant,
    metrics.split

from metrics
left join calibration
    on
        metrics.target = calibration.target
        and metrics.model = calibration.model
        and metrics.variant = calibration.variant
        and metrics.split is not distinct from calibration.split
left join lift
    on
        metrics.target = lift.target
        and metrics.model = lift.model
        and metrics.variant = lift.variant
        and metrics.split = lift.split
left join {{ ref('classifier_confusion') }} as confusion
    on
        metrics.target = confusion.target
        and metrics.model = confusion.model
        and metrics.variant = confusion.variant
        and metrics.split
        is not distinct from {{ split_key('confusion.fold', 'confusion.cutoff_date') }}

where
    metrics.n <> coalesce(calibration.n, 0)
    or metrics.positive_count <> coalesce(calibration.positive_count, 0)
    or (
        metrics.split is not null
        and (
            metrics.n <> coalesce(lift.n, 0)
            or metrics.positive_count <> coalesce(lift.positive_count, 0)
            or abs(lift.gain - 1) > 1e-9
        )
    )
    or metrics.n <> coalesce(
        confusion.true_positive_count + confusion.false_positive_count
        + confusion.false_negative_count + confusion.true_negative_count, 0
    )
