{#- Whether an area is built: the variable of its name. -#}
{% macro has_area(area) -%}
    {{ return(var(area, true)) }}
{%- endmacro %}

{#- Says which area is neither on nor off, and which needs one that is switched off. -#}
{% macro check_areas() -%}
    {%- for area in [
        'segments', 'baskets', 'recommendations', 'lifetime_value', 'predictions'
    ] if var(area) is not boolean -%}
        {{ exceptions.raise_compiler_error(
            area ~ ": '" ~ var(area) ~ "' is neither true nor false"
        ) }}
    {%- endfor -%}
    {%- for area, needed in {
        'recommendations': 'baskets', 'predictions': 'lifetime_value'
    }.items() if has_area(area) and not has_area(needed) -%}
        {{ exceptions.raise_compiler_error(
            area ~ " needs " ~ needed ~ ", which is switched off: switch off both ("
            ~ needed ~ ": false, " ~ area ~ ": false) or none"
        ) }}
    {%- endfor -%}
{%- endmacro %}
