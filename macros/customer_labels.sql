{#- Names of the given outcomes (var customer_labels), as a list. -#}
{% macro label_names() -%}
    {{ return((var('customer_labels') or {}).keys() | list) }}
{%- endmacro %}

{#- Whether a column names a given outcome, or with `is not` none. -#}
{% macro is_label(column) -%}
    {%- set names = label_names() -%}
    {%- if names -%}
        {{ column }} in ('{{ names | join("', '") }}')
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}

{#-
    A fold of a cross-validation as a day, so that what is judged by date and by fold has
    one key: the day of January, in 1970 for the first repeat, in 1971 for the second.
    Dates of a back-test are not before 1990 (`earliest_order_date`). Tables that are
    published show the number instead (`split_columns`).
-#}
{% macro fold_as_date(repeat, fold) -%}
    (make_date((1969 + {{ repeat }})::int, 1, 1) + ({{ fold }} - 1)::int)::date
{%- endmacro %}

{#- Whether such a key is a fold. -#}
{% macro is_fold(split) -%}
    {{ split }} < date '1985-01-01'
{%- endmacro %}

{#- Whether two such keys are different folds of one repeat. -#}
{% macro is_other_fold(split, other) -%}
    (
        {{ is_fold(split) }}
        and year({{ split }}) = year({{ other }})
        and {{ split }} <> {{ other }}
    )
{%- endmacro %}

{#- The key of a row of a table that shows fold and cut-off; null over all of them. -#}
{% macro split_key(fold='fold', cutoff_date='cutoff_date') -%}
    coalesce({{ cutoff_date }}, {{ fold_as_date(
        '(' ~ fold ~ ' - 1) // ' ~ var('label_folds') ~ ' + 1',
        '(' ~ fold ~ ' - 1) % ' ~ var('label_folds') ~ ' + 1',
    ) }})
{%- endmacro %}

{#- How what is said of a target was judged. -#}
{% macro protocol(target) -%}
    case
        when {{ is_label("split_part(" ~ target ~ ", '=', 1)") }}
            then 'repeated stratified cross-validation'
        else 'back-test out of time'
    end
{%- endmacro %}

{#-
    What a score is judged by, as three columns: the protocol, the fold (numbered through
    all repeats; null of other protocols and over all folds) and the cut-off date.

    target, split  SQL of the target and of the key
-#}
{% macro split_columns(target, split) -%}
    {{ protocol(target) }} as protocol,
    case
        when {{ is_fold(split) }}
            then ((year({{ split }}) - 1970) * {{ var('label_folds') }}
                + dayofyear({{ split }}))::int
    end as fold,
    case when not {{ is_fold(split) }} then {{ split }} end as cutoff_date
{%- endmacro %}
