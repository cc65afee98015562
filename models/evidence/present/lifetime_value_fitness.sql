-- Grain: one row per check of what the data allow: what was found, and what follows.

with

checked as (

    select
        findings.check_type
        || coalesce('_' || findings.horizon_days::string || 'd', '') as check_name,
        findings.finding,
        findings.horizon_days,
        checks.unit,
        -- Where the seed leaves a limit open it is a setting.
        coalesce(checks.good_to, {{ var('lifetime_value_cutoff_count') }}) as good_to,
        coalesce(checks.poor_from, {{ var('lifetime_value_min_repeaters') }} - 0.5)
            as poor_from,
        checks.follows_if_good,
        checks.follows_if_not_good,
        checks.follows_if_unknown,
        chosen.model,
        chosen.status as model_status

    from {{ ref('int_lifetime_value_findings') }} as findings
    inner join {{ ref('lifetime_value_checks') }} as checks
        on findings.check_type = checks.check_type
    left join {{ ref('chosen_lifetime_value_models') }} as chosen
        on findings.horizon_days = chosen.horizon_days

),

judged as (

    select
        *,
        case
            when finding is null then 'unknown'
            when poor_from > good_to and finding >= poor_from then 'poor'
            when poor_from > good_to and finding > good_to then 'limited'
            when poor_from < good_to and finding <= poor_from then 'poor'
            when poor_from < good_to and finding < good_to then 'limited'
            else 'good'
        end as status

    from checked

),

worded as (

    select
        *,
        case status
            when 'unknown' then coalesce(follows_if_unknown, '')
            when 'good' then follows_if_good
            else follows_if_not_good
        end as words

    from judged

),

filled as (

    select
        *,
        replace(
            replace(
                replace(
                    replace(words, '{served}', coalesce(model, '')),
                    '{status}', coalesce(model_status, '')
                ),
                '{horizon}', coalesce(horizon_days::string, '')
            ),
            '{setting}', '{{ var("lifetime_value_min_repeaters") }}'
        ) as follows

    from worded

)

select
    check_name,
    status,
    follows,
    round(finding, 9) as finding,
    unit,
    good_to as good_limit,
    poor_from::decimal(12, 1) as poor_limit

from filled
