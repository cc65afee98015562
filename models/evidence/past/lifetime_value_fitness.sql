-- Grain: one row per check of what the data allow: what was found, and what follows.

with

findings as (

    select * from {{ ref('int_lifetime_value_findings') }}

)

select
    check_name,
    case
        when finding is null then 'unknown'
        when poor_from > good_to and finding >= poor_from then 'poor'
        when poor_from > good_to and finding > good_to then 'limited'
        when poor_from < good_to and finding <= poor_from then 'poor'
        when poor_from < good_to and finding < good_to then 'limited'
        else 'good'
    end as status,
    case
        when finding is null then follows_if_unknown
        when poor_from > good_to and finding > good_to then follows_if_not_good
        when poor_from < good_to and finding < good_to then follows_if_not_good
        else follows_if_good
    end as follows,
    round(finding, 9) as finding,
    unit,
    good_to as good_limit,
    poor_from as poor_limit

from findings
