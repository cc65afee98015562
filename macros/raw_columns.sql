{#- The columns of the order log as they were read: what makes lines equal. -#}
{% macro raw_columns() -%}
    {{ return([
        'raw_invoice', 'raw_stock_code', 'raw_description', 'raw_quantity',
        'raw_invoice_date', 'raw_unit_price', 'raw_amount', 'raw_discount',
        'raw_unit_cost', 'raw_customer_id', 'raw_country', 'raw_category',
        'raw_store',
    ]) }}
{%- endmacro %}
