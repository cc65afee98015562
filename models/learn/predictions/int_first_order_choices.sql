-- Grain: one row per target about first orders that predicts an amount or a segment,
-- and was judged: the model with the lowest error over all cut-offs.

with

pooled as (

    select
        *,
        case when kind = 'amount' then rmse else log_loss end as error,
        case when kind = 'amount' then 'RMSE' else 'log loss' end as error_name

    from {{ ref('first_order_metrics') }}

    where
        cutoff_date is null
        and fold is null

),

cutoffs as (

    select
        target,
        model,
        count(coalesce(cutoff_date::varchar, fold::varchar)) as cutoff_count

    from {{ ref('first_order_metrics') }}

    group by
        target,
        model

)

select
    pooled.target,
    pooled.model,
    pooled.is_baseline,
    pooled.n,
    cutoffs.cutoff_count,
    case
        when pooled.is_baseline then 'No model has a lower '
        else 'Lowest '
    end || pooled.error_name || ' (' || round(pooled.error, 3)::string
    || case
        when pooled.is_baseline then ') than the best baseline'
        else
            ', best baseline '
            || round(
                min(case when pooled.is_baseline then pooled.error end)
                    over (partition by pooled.target), 3
            )::string || ')'
    end || ' over ' || cutoffs.cutoff_count::string || case
        when {{ is_label('pooled.target') }} then ' folds.'
        else ' cut-offs.'
    end as reason

from pooled
inner join cutoffs
    on
        pooled.target = cutoffs.target
        and pooled.model = cutoffs.model

qualify
    row_number() over (
        partition by pooled.target
        order by pooled.error asc, pooled.is_baseline desc, pooled.model asc
    ) = 1
