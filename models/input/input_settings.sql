-- Grain: one row per setting of the input.

{% set names = [
    'transactions_path', 'transactions_leave_out', 'transaction_columns',
    'transactions_encoding', 'transactions_sheets', 'transactions_date_order',
    'transactions_date_format', 'transactions_decimal_mark', 'time_zone',
    'guest_customer_ids', 'customer_attributes_path', 'customer_attribute_columns',
    'customer_attributes_encoding', 'customer_labels', 'customer_events_path',
    'customer_event_columns', 'customer_events_encoding', 'earliest_order_date',
    'max_unreadable_share',
    'as_of_date',
] %}
{% set settings = {} %}
{% for name in ['transactions_relation', 'customer_events_relation'] %}
{% do settings.update({name: named_relation(name)}) %}
{% endfor %}
{% for name in names %}{% do settings.update({name: var(name)}) %}{% endfor %}
{% do check_areas() %}
{% if execute %}{% do check_names() %}{% endif %}
{% if is_scoring() %}
    -- Told before any work: there is nothing to score by.
    {% do learned() %}
{% endif %}

select
    listed.setting_name,
    listed.setting_value

from (
    values
    -- Values of settings may be long. -- noqa: disable=LT05
    {% for name, value in settings.items() %}
    ('{{ name }}', '{{ value | string | replace("'", "''") }}')
    {{- ',' if not loop.last }}
    {% endfor %}
) as listed (setting_name, setting_value)
