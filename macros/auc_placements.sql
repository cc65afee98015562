{#-
    A sub-query with one row per prediction at past dates, and its placement (DeLong et al.
    1988): of a positive the share of negatives with a lower probability, of a negative that
    of positives with a higher one, ties by half. Their mean is the ROC-AUC.
-#}
{% macro auc_placements() -%}
    select
        predictions.target,
        predictions.model,
        predictions.variant,
        predictions.cutoff_date,
        predictions.customer_id,
        predictions.is_positive,
        predictions.is_baseline,
        case
            when predictions.is_positive then scores.negatives_below
            else scores.positives_above
        end as placement

    from {{ ref('int_classifier_predictions') }} as predictions
    inner join {{ ref('int_classifier_scores') }} as scores
        on
            predictions.target = scores.target
            and predictions.model = scores.model
            and predictions.variant = scores.variant
            and predictions.cutoff_date = scores.cutoff_date
            and predictions.probability = scores.probability
{%- endmacro %}
