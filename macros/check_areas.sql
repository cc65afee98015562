{#-
    Says which area needs one that is switched off, and that what stands under `vars` of a
    project switches none off: dbt has decided by then what is enabled.
-#}
{% macro check_areas() -%}
    {%- for area in [
        'segments', 'baskets', 'recommendations', 'lifetime_value', 'predictions'
    ] if not var(area, true) and area not in invocation_args_dict.vars -%}
        {{ exceptions.raise_compiler_error(
            area ~ ": areas are switched off by --vars '{" ~ area ~ ": false}', not in "
            ~ "dbt_project.yml"
        ) }}
    {%- endfor -%}
    {%- for area, needed in {
        'recommendations': 'baskets', 'predictions': 'lifetime_value'
    }.items() if var(area, true) and not var(needed, true) -%}
        {{ exceptions.raise_compiler_error(
            area ~ " needs " ~ needed ~ ", which is switched off: switch " ~ area
            ~ " off too (" ~ area ~ ": false), or " ~ needed ~ " on"
        ) }}
    {%- endfor -%}
{%- endmacro %}
