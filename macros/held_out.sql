{#-
    Whether a customer is in the group that a campaign leaves alone, so that its effect
    can be measured: a share (`campaign_hold_out_share`) drawn by the hash of the id and
    `campaign_seed`. The same customers in every build; others with another seed.
-#}
{% macro held_out(customer_id) -%}
    {%- set share = var('campaign_hold_out_share') | float(-1) -%}
    {%- if share < 0 or share > 0.5 -%}
        {{ exceptions.raise_compiler_error(
            "campaign_hold_out_share must be from 0 to 0.5, not "
            ~ var('campaign_hold_out_share')
        ) }}
    {%- endif -%}
    {%- set seed = var('campaign_seed') | string | replace("'", "''") -%}
    {#- Eight hexadecimal digits of the hash as a share of all there are. -#}
    left(md5('{{ seed }}|' || {{ customer_id }}), 8)
    < '{{ "%08x" | format((share * 16 ** 8) | int) }}'
{%- endmacro %}
