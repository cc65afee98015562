{#- Arithmetic on vectors: arrays of double of equal length. -#}

{#- The Euclidean distance of two vectors. -#}
{% macro vector_distance(first, second) -%}
    {{ adapter.dispatch('vector_distance')(first, second) }}
{%- endmacro %}

{% macro duckdb__vector_distance(first, second) -%}
    list_distance({{ first }}, {{ second }})
{%- endmacro %}

{#- The smallest Euclidean distance from a vector to those of an array of vectors. -#}
{% macro nearest_distance(vector, others) -%}
    {{ adapter.dispatch('nearest_distance')(vector, others) }}
{%- endmacro %}

{% macro duckdb__nearest_distance(vector, others) -%}
    list_min(
        list_transform({{ others }}, lambda other: list_distance({{ vector }}, other))
    )
{%- endmacro %}

{#- The sum of the products of two vectors' elements. -#}
{% macro vector_product(first, second) -%}
    {{ adapter.dispatch('vector_product')(first, second) }}
{%- endmacro %}

{% macro duckdb__vector_product(first, second) -%}
    list_inner_product({{ first }}, {{ second }})
{%- endmacro %}

{#- One vector after the other. -#}
{% macro vector_concat(first, second) -%}
    {{ adapter.dispatch('vector_concat')(first, second) }}
{%- endmacro %}

{% macro duckdb__vector_concat(first, second) -%}
    list_concat({{ first }}, {{ second }})
{%- endmacro %}

{#- An array of values of one type. -#}
{% macro vector_of(values) -%}
    {{ adapter.dispatch('vector_of')(values) }}
{%- endmacro %}

{% macro duckdb__vector_of(values) -%}
    [{{ values | join(', ') }}]
{%- endmacro %}

{#- An element of an array by its position, from 1. -#}
{% macro vector_element(vector, position) -%}
    {{ adapter.dispatch('vector_element')(vector, position) }}
{%- endmacro %}

{% macro duckdb__vector_element(vector, position) -%}
    {{ vector }}[{{ position }}]
{%- endmacro %}
