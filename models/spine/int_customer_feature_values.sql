-- Grain: one row per customer and numeric feature that is known, as of the as-of date.

with

snapshots as (

    select * from {{ ref('int_customer_snapshots') }}

    where snapshot_date = {{ as_of_date() }}

),

feature_values as (

    {% for feature in snapshot_features() %}
    select
        customer_id,
        '{{ feature }}' as feature,
        {{ feature }}::double as feature_value

    from snapshots

    union all

    {% endfor %}
    select
        customer_id,
        feature,
        feature_value

    from {{ ref('int_event_values') }}

    where snapshot_date = {{ as_of_date() }}

)

select * from feature_values

where feature_value is not null
