-- Grain: one row per cut-off and horizon: what season and growth make of the last
-- period, without a model.

with

cutoffs as (

    select
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        {{ dbt.datediff('clock.first_order_date', 'cutoffs.cutoff_date', 'day') }}
            as history_days

    from {{ ref('int_lifetime_value_cutoffs') }} as cutoffs
    cross join {{ ref('int_as_of_date') }} as clock

),

purchases as (

    select
        snapshot_date,
        days_ago,
        net_amount,
        max(days_ago) over (partition by snapshot_date, customer_id) as first_days_ago

    from {{ ref('int_order_snapshots') }}

    where
        is_purchase
        and snapshot_date in (select cutoffs.cutoff_date from cutoffs)

),

-- Windows as long as the horizon: the last one, the one that starts a year before the
-- cut-off, and the one before that. Of those who were customers when it started, or of
-- everybody.
bought as (

    select
        {% for window, first, last in [
            ('last', '1', 'cutoffs.horizon_days'),
            ('coming', '366 - cutoffs.horizon_days', '365'),
            ('earlier', '366', '365 + cutoffs.horizon_days'),
        ] %}
        sum(
            case
                when purchases.days_ago between {{ first }} and {{ last }}
                    then purchases.net_amount
            end
        )::double as {{ window }}_amount,
        sum(
            case
                when
                    purchases.days_ago between {{ first }} and {{ last }}
                    and purchases.first_days_ago > {{ last }}
                    then purchases.net_amount
            end
        )::double as {{ window }}_known_amount,
        {% endfor %}
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        cutoffs.history_days

    from cutoffs
    inner join purchases on cutoffs.cutoff_date = purchases.snapshot_date

    group by
        cutoffs.cutoff_date,
        cutoffs.horizon_days,
        cutoffs.history_days

),

-- Growth is known where a month of customers came before the earlier window; else those
-- who came since a year ago stand for it. Without a year there is no season.
totals as (

    select
        *,
        case
            when history_days >= 365 + horizon_days + 30
                then
                    coming_known_amount * last_known_amount
                    / nullif(earlier_known_amount, 0)
            when history_days >= 365 then coming_amount
        end as seasonal_amount

    from bought

)

select
    cutoff_date,
    horizon_days,
    last_amount,
    coming_amount as last_year_amount,
    seasonal_amount,
    round(seasonal_amount / nullif(last_amount, 0), 9) as level_factor

from totals
