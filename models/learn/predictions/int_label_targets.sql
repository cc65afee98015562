-- Grain: one row per given outcome: of what kind it is, and why it cannot be predicted.

with

labels as (

    select * from {{ ref('stg_customer_labels') }}

),

value_counts as (

    select
        target,
        value_text,
        count(*) as customer_count,
        lower(value_text) in (
            '1', '1.0', 'yes', 'y', 'true', 't', 'ja', 'oui', 'si', 'sí'
        ) as means_yes

    from labels

    group by
        target,
        value_text

),

classes as (

    select
        target,
        count(*) filter (
            where customer_count >= {{ var('prediction_min_class_rows') }}
        ) as class_count,
        first(
            value_text
            order by means_yes desc, customer_count asc, value_text desc
        ) as positive_value

    from value_counts

    group by target

),

counted as (

    select
        target,
        count(*) as customer_count,
        count(distinct value_text) as value_count,
        bool_and(value_number is not null) as is_numeric

    from labels

    group by target

),

judged as (

    select
        counted.*,
        case
            when counted.value_count <= 2 then 'binary'
            when counted.is_numeric then 'amount'
            else 'multiclass'
        end as kind,
        classes.class_count,
        -- What says yes; else the rarer of the two.
        classes.positive_value

    from counted
    inner join classes on counted.target = classes.target

)

select
    target,
    kind,
    customer_count,
    value_count,
    case when kind = 'binary' then positive_value end as positive_value,
    case
        when kind = 'multiclass' and class_count > {{ var('label_max_classes') }}
            then
                'no outcome: ' || value_count::string || ' different texts (at most '
                || '{{ var("label_max_classes") }} classes)'
        when
            (kind <> 'amount' and class_count < 2)
            or (
                kind = 'amount'
                and customer_count < 2 * {{ var('prediction_min_class_rows') }}
            )
            then
                'not enough data: needs {{ var("prediction_min_class_rows") }} '
                || 'customers of either kind, has ' || customer_count::string
                || ' with ' || value_count::string || ' different values'
    end as missing

from judged
