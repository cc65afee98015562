-- Grain: one row per target that BG/NBD serves, eligible customer and feature that
-- BG/NBD looks at: by how much its probability would differ, were the feature typical.

with

served as (

    select
        targets.target,
        targets.horizon_days,
        if(targets.positive_when = 'no_order', -1, 1) as direction

    from {{ ref('prediction_targets') }} as targets
    inner join {{ ref('chosen_models') }} as chosen on targets.target = chosen.target

    where chosen.status = 'baseline served' and chosen.model = 'bg_nbd'

),

typical as (

    select
        target,
        max(typical_value) filter (where feature = 'order_count') as order_count,
        max(typical_value) filter (where feature = 'recency_days') as recency_days,
        max(typical_value) filter (where feature = 'tenure_days') as tenure_days

    from {{ ref('int_typical_values') }}

    group by target

),

customers as (

    select
        served.*,
        histories.customer_id,
        histories.repeat_day_count as own_repeat_day_count,
        histories.age_days,
        histories.age_days - histories.first_to_last_days as quiet_days,
        -- Numbers of days count from the day before the snapshot date.
        greatest(typical.order_count - 1, 0) as typical_repeat_day_count,
        greatest(typical.recency_days - 1, 0) as typical_quiet_days,
        greatest(typical.tenure_days - 1, 0) as typical_age_days

    from served
    inner join typical on served.target = typical.target
    inner join {{ ref('int_predictions_due') }} as due on served.target = due.target
    inner join {{ ref('int_purchase_histories') }} as histories
        on due.customer_id = histories.customer_id

    where histories.snapshot_date = {{ as_of_date() }}

),

-- One feature at a time made typical, or none; an only order is the last one too.
histories as (

    {% for feature in ['', 'order_count', 'recency_days', 'tenure_days'] %}
    {%- set age = ('typical_' if feature == 'tenure_days') ~ 'age_days' %}
    {%- set quiet = ('typical_' if feature == 'recency_days') ~ 'quiet_days' %}
    select
        target,
        horizon_days,
        direction,
        customer_id,
        '{{ feature }}' as feature,
        {{ 'typical' if feature == 'order_count' else 'own' }}_repeat_day_count
            as repeat_day_count,
        case
            when own_repeat_day_count > 0 then greatest({{ age }}, {{ quiet }})
            else {{ quiet if feature == 'recency_days' else age }}
        end as age_days,
        if(own_repeat_day_count = 0, 0, greatest({{ age }} - {{ quiet }}, 0))
            as first_to_last_days

    from customers
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

scored as (

    select
        histories.*,
        greatest(
            least({{ order_probability('histories', 'models') }}, 0.999999), 0.000001
        ) as probability

    from histories
    inner join {{ ref('int_purchase_probability_models') }} as models
        on histories.horizon_days = models.horizon_days

    where models.snapshot_date = {{ as_of_date() }}

)

select
    changed.target,
    changed.customer_id,
    changed.feature,
    round(
        -- From 0, or nothing would be -0.
        0.0 + changed.direction * (
            ln(own.probability / (1 - own.probability))
            - ln(changed.probability / (1 - changed.probability))
        ), 9
    ) as contribution

from scored as changed
inner join scored as own
    on
        changed.target = own.target
        and changed.customer_id = own.customer_id
        and own.feature = ''

where changed.feature <> ''
