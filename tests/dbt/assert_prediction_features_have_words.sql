-- Every feature that customers are judged by has a name for reasons, and no other.

with

features as (

    {% for feature in prediction_features() %}
    select '{{ feature }}' as feature
    {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    features.feature,
    labels.feature as named_feature

from features
full outer join {{ ref('prediction_features') }} as labels
    on features.feature = labels.feature

where
    features.feature is null
    or labels.feature is null
