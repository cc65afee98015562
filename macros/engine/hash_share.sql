{#-
    A share of 0..1 drawn by the hash of a text: even over many texts, and always the
    same for one.
-#}
{% macro hash_share(text) -%}
    {{ adapter.dispatch('hash_share')(text) }}
{%- endmacro %}

{% macro duckdb__hash_share(text) -%}
    ('0x' || left(md5({{ text }}), 8))::bigint / 4294967296.0
{%- endmacro %}
