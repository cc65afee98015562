-- Grain: one row per target that BG/NBD serves, eligible customer and feature that
-- BG/NBD looks at: by how much its probability would differ, were the feature typical.

{% set looked_at = ['order_count', 'recency_days', 'tenure_days'] %}

with

typical as (

    select
        {% for feature in looked_at %}
        -- Numbers of days count from the day before the snapshot date.
        greatest(
            max(typical_value) filter (where feature = '{{ feature }}') - 1, 0
        ) as {{ feature }},
        {% endfor %}
        target

    from {{ ref('int_typical_values') }}

    group by target

),

-- One feature at a time made typical, or none; an only order is the last one too.
histories as (

    {% for feature in [''] + looked_at %}
    {%- set age = ('typical.tenure_days' if feature == 'tenure_days'
        else 'own.age_days') %}
    {%- set quiet = ('typical.recency_days' if feature == 'recency_days'
        else '(own.age_days - own.first_to_last_days)') %}
    select
        eligibility.target,
        eligibility.feature_row,
        eligibility.horizon_days,
        if(eligibility.positive_when = 'no_order', -1, 1) as direction,
        '{{ feature }}' as feature,
        {{ 'typical.order_count' if feature == 'order_count'
            else 'own.repeat_day_count' }} as repeat_day_count,
        case
            when own.repeat_day_count > 0 then greatest({{ age }}, {{ quiet }})
            else {{ quiet if feature == 'recency_days' else age }}
        end as age_days,
        if(own.repeat_day_count = 0, 0, greatest({{ age }} - {{ quiet }}, 0))
            as first_to_last_days

    from {{ ref('chosen_models') }} as chosen
    inner join typical on chosen.target = typical.target
    inner join {{ ref('int_prediction_eligibility') }} as eligibility
        on chosen.target = eligibility.target
    inner join {{ ref('int_purchase_histories') }} as own
        on
            eligibility.customer_id = own.customer_id
            and eligibility.snapshot_date = own.snapshot_date

    where
        chosen.status = 'baseline served'
        and chosen.model = 'bg_nbd'
        and eligibility.is_as_of_date

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
    changed.feature_row,
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
        and changed.feature_row = own.feature_row
        and own.feature = ''

where changed.feature <> ''
