{#- Whether an area is built; those that CUSTOMER_ANALYTICS_WITHOUT names are not. -#}
{% macro has_area(area) -%}
    {{ return(area not in env_var('CUSTOMER_ANALYTICS_WITHOUT', '').split()) }}
{%- endmacro %}

{#- Says which area is none, and which needs one that is switched off. -#}
{% macro check_areas() -%}
    {%- set areas = [
        'segments', 'baskets', 'recommendations', 'lifetime_value', 'predictions'
    ] -%}
    {%- for area in env_var('CUSTOMER_ANALYTICS_WITHOUT', '').split()
        if area not in areas -%}
        {{ exceptions.raise_compiler_error(
            "CUSTOMER_ANALYTICS_WITHOUT: '" ~ area ~ "' is none of the areas that can be "
            ~ "switched off: " ~ areas | join(', ')
        ) }}
    {%- endfor -%}
    {%- for area, needed in {
        'recommendations': 'baskets', 'predictions': 'lifetime_value'
    }.items() if has_area(area) and not has_area(needed) -%}
        {{ exceptions.raise_compiler_error(
            area ~ " needs " ~ needed ~ ", which is switched off: switch off both "
            ~ "(CUSTOMER_ANALYTICS_WITHOUT='" ~ needed ~ " " ~ area ~ "') or none"
        ) }}
    {%- endfor -%}
{%- endmacro %}
