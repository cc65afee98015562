-- Grain: one row per file, sheet or table that was read.

with

findings as (

    select * from {{ ref('input_findings') }}

),

-- Nothing else is built of an input that cannot be used.
checked as (

    select
        case
            when count(problem) = 0 then true
            else {{ stop_with(
                "'The input cannot be used. ' || count(problem)::string || ' problem' "
                ~ "|| case when count(problem) > 1 then 's' else '' end || ':' "
                ~ "|| string_agg(chr(10) || '  ' || finding_number::string || '. ' "
                ~ "|| problem, '' order by finding_number)"
            ) }}
        end as is_usable

    from findings

)

select
    findings.finding_number as file_number,
    findings.role,
    findings.path,
    findings.sheet,
    findings.kind,
    findings.row_count,
    findings.column_mapping,
    findings.date_order,
    findings.fingerprint,
    findings.settings

from findings
cross join checked

where checked.is_usable
