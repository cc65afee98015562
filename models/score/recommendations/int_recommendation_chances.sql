-- Grain: one row per date, slot, customer and rank of the served source's lists: the
-- chance that the product is in the next basket, calibrated on lists of earlier dates;
-- null where there are none.

with

bins as (

    select
        *,
        bin = min(bin) over (partition by cutoff_number, slot) as is_first

    from {{ ref('int_recommendation_bins') }}

)

select
    signals.cutoff_number,
    signals.slot,
    signals.customer_number,
    signals.rank,
    signals.source,
    signals.strength,
    signals.is_hit,
    round(
        bins.chance + coalesce(
            (bins.next_chance - bins.chance)
            * greatest(signals.strength - bins.mean_strength, 0)
            / nullif(bins.next_strength - bins.mean_strength, 0),
            0
        ), 9
    ) as chance

from {{ ref('int_recommendation_signals') }} as signals
left join bins
    on
        signals.cutoff_number = bins.cutoff_number
        and signals.slot = bins.slot
        and (signals.strength >= bins.mean_strength or bins.is_first)
        and (signals.strength < bins.next_strength or bins.next_strength is null)
