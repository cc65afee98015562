{#-
    The order in which solutions are preferred (evidence.cluster_selection): what
    qualifies before what does not; there by silhouette, here by what is least wrong:
    two clusters or more, little noise, no tiny cluster, then stability.
-#}
{% macro cluster_preference() -%}
    is_qualified desc,
                case when is_qualified then silhouette end desc nulls last,
                is_partition desc,
                too_noisy is null desc,
                too_small is null desc,
                too_few is null desc,
                bootstrap_ari desc nulls last,
                silhouette desc nulls last,
                algorithm asc,
                parameter_value asc
{%- endmacro %}
