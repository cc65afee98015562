-- A name that the playbook does not know falls back to its row *, and without that row
-- there would be no profiles: names of rules, of RFM segments and fixed ones are there.

with

names as (

    select segment_name

    from {{ ref('segment_names') }}

    union

    select rfm_segment as segment_name

    from {{ ref('rfm_segments') }}

    {% for name in ['Unassigned', 'Mixed customers', '*'] %}
    union

    select '{{ name }}' as segment_name
    {% endfor %}

)

select names.segment_name

from names
left join {{ ref('playbook') }} as playbook
    on names.segment_name = playbook.segment_name

where playbook.segment_name is null
