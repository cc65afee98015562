-- Every pair of a recency score and a frequency-and-monetary score lies in exactly one
-- range of the seed.

with

scores as (

    {% for score in range(1, 6) %}
    select {{ score }} as score
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

grid as (

    select
        recency.score as recency_score,
        frequency_monetary.score as frequency_monetary_score

    from scores as recency
    cross join scores as frequency_monetary

)

select
    grid.recency_score,
    grid.frequency_monetary_score,
    count(segments.rfm_segment) as segment_count

from grid
left join {{ ref('rfm_segments') }} as segments
    on
        grid.recency_score
        between segments.recency_score_min and segments.recency_score_max
        and grid.frequency_monetary_score
        between segments.frequency_monetary_score_min
        and segments.frequency_monetary_score_max

group by
    grid.recency_score,
    grid.frequency_monetary_score

having count(segments.rfm_segment) <> 1
