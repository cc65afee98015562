{#-
    How customers move between segments from one snapshot date to the next: one row per
    scheme, date, segment before and segment after, with customers and amounts. Who was
    not there before comes from 'New to the shop'.

    history  name of a CTE with scheme, customer_id, snapshot_date, segment_name,
             net_amount and first_date, before which nothing is known
-#}
{% macro segment_moves(history) -%}
    select
        scheme,
        from_segment,
        to_segment,

        count(*) as customer_count,
        count(*)::double
        / sum(count(*)) over (partition by scheme, snapshot_date, from_segment)
            as share,
        coalesce(sum(net_amount_before), 0)::decimal(38, 4) as net_amount_before,
        sum(net_amount_after)::decimal(38, 4) as net_amount_after,

        snapshot_date,
        previous_snapshot_date

    from (
        select
            dated.scheme,
            -- Who returned everything is no customer until the next purchase.
            case
                when dated.earlier_date = dates.previous_snapshot_date
                    then dated.earlier_segment
                else 'New to the shop'
            end as from_segment,
            dated.segment_name as to_segment,
            case
                when dated.earlier_date = dates.previous_snapshot_date
                    then dated.earlier_amount
            end as net_amount_before,
            dated.net_amount as net_amount_after,
            dated.snapshot_date,
            dates.previous_snapshot_date

        from (
            select
                *,
                {% for column, name in [
                    ('snapshot_date', 'earlier_date'),
                    ('segment_name', 'earlier_segment'),
                    ('net_amount', 'earlier_amount'),
                ] %}
                lag({{ column }}) over (
                    partition by scheme, customer_id
                    order by snapshot_date
                ) as {{ name }}{{ ',' if not loop.last }}
                {% endfor %}

            from {{ history }}
        ) as dated
        inner join {{ ref('int_snapshot_dates') }} as dates
            on dated.snapshot_date = dates.snapshot_date

        where dated.snapshot_date > dated.first_date
    ) as moves

    group by
        scheme,
        snapshot_date,
        previous_snapshot_date,
        from_segment,
        to_segment
{%- endmacro %}
