{#- How likely numbers of events are in a time, against none, where the rate of who they
    happen to is gamma-distributed.

    shape  SQL expression: of the gamma distribution, above 0
    share  SQL expression: time / (time + rate of the gamma distribution), 0..1
    count  SQL expression: events, 0 or more
-#}
{% macro negative_binomial_odds(shape, share, count) -%}
    {{ adapter.dispatch('negative_binomial_odds')(shape, share, count) }}
{%- endmacro %}

{% macro duckdb__negative_binomial_odds(shape, share, count) -%}
    exp(lgamma({{ shape }} + {{ count }}) - lgamma({{ shape }}) - lgamma({{ count }} + 1))
    * power({{ share }}, {{ count }})
{%- endmacro %}

{#- The sum over all numbers below a count. -#}
{% macro sum_of_negative_binomial_odds(shape, share, count) -%}
    {{ adapter.dispatch('sum_of_negative_binomial_odds')(shape, share, count) }}
{%- endmacro %}

{% macro duckdb__sum_of_negative_binomial_odds(shape, share, count) -%}
    list_sum(
        list_transform(
            range({{ count }}),
            lambda events: {{ negative_binomial_odds(shape, share, 'events') }}
        )
    )
{%- endmacro %}
