"""Numbers written as text: which mark is the decimal one, and how they are read."""

import re

import duckdb

from customer_analytics.input.problems import counted, shown

NUMBERS = ("quantity", "unit_price", "amount", "discount", "unit_cost")
# What prices are read as: four decimals, because unit prices go below a cent.
NUMBER_TYPE = "decimal(18, 4)"
# A number as people write it: currency, separators, brackets for a minus.
FORMATTED = (
    r"^[-+(]{0,2}\s*([A-Za-z]{0,3}\p{Sc}|[A-Za-z]{2,3}\.?)?[\s\x{A0}\x{202F}]*[-+]?\d"
    r"[\d.,''’\s\x{A0}\x{202F}]*([A-Za-z]{0,3}\p{Sc}|[A-Za-z]{2,3}\.?)?\s*\)?-?$"
)
PLAIN = r"^[-+]?\d+(\.\d+)?$"


def digits_sql(text: str) -> str:
    """Return SQL of a number's digits, commas and points alone."""
    return f"regexp_replace({text}, '[^0-9.,]', '', 'g')"


def number_sql(text: str, mark: str | None) -> str:
    """Return SQL that reads a trimmed text as a number, or null.

    Parameters
    ----------
    text : str
        SQL of the trimmed text.
    mark : {'point', 'comma'} or None
        The decimal mark; None = all numbers are plain.
    """
    plain = f"try_cast({text} as {NUMBER_TYPE})"
    if mark is None:
        return plain
    digits = digits_sql(text)
    if mark == "comma":
        digits = f"replace(replace({digits}, '.', ''), ',', '.')"
    else:
        digits = f"replace({digits}, ',', '')"
    negative = rf"regexp_matches({text}, '^\s*[^0-9]*[-(]|-\s*$')"
    sign = f"case when {negative} then -1 else 1 end"
    return (
        f"case when regexp_matches({text}, '{FORMATTED}') "
        f"then ({sign} * try_cast({digits} as {NUMBER_TYPE}))::{NUMBER_TYPE} "
        f"else {plain} end"
    )


def decide_mark(
    cursor: duckdb.DuckDBPyConnection,
    source: str,
    texts: dict[str, str],
    setting: str,
) -> tuple[str | None, list[str]]:
    """Find the decimal mark of the numbers that are text, one for the whole log.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    source : str
        SQL after `from`.
    texts : dict of str to str
        Column -> SQL of the trimmed text.
    setting : {'auto', 'point', 'comma'}

    Returns
    -------
    mark : {'point', 'comma'} or None
        None = every number is plain, or nothing tells.
    problems : list of str
    """
    if not texts:
        return None, []
    values = " union all ".join(
        f"select '{column}' as name, {text} as text, count(*) as row_count "
        f"from {source} group by all"
        for column, text in texts.items()
    )
    query = f"""
        with numbers as (
            select *, {digits_sql("text")} as digits
            from ({values}) where regexp_matches(text, '{FORMATTED}')
        ),
        judged as (
            select
                *,
                {_tells(",", ".")} as is_point,
                {_tells(".", ",")} as is_comma,
                not regexp_matches(text, '{PLAIN}') as is_formatted
            from numbers
        )
        select
            coalesce(bool_or(is_formatted), false),
            coalesce(sum(row_count) filter (is_point), 0)::bigint,
            min(text) filter (is_point),
            coalesce(sum(row_count) filter (is_comma), 0)::bigint,
            min(text) filter (is_comma),
            coalesce(sum(row_count) filter (
                contains(digits, ',') or is_formatted and contains(digits, '.')
            ), 0)::bigint,
            min(text) filter (
                contains(digits, ',') or is_formatted and contains(digits, '.')
            ),
            min(name) filter (
                contains(digits, ',') or is_formatted and contains(digits, '.')
            )
        from judged"""
    formatted, points, point, commas, comma, open_count, open_value, name = (
        cursor.execute(query).fetchall()[0]
    )
    if not formatted:
        return (setting if setting == "comma" else None), []
    if setting != "auto":
        return setting, []
    if points and commas:
        return None, [
            f"the numbers are written in two ways: {shown(point)} "
            f"({counted(points, 'value')}) with a decimal point, {shown(comma)} "
            f"({counted(commas, 'value')}) with a decimal comma. Write all in one, or "
            "say which is meant: --vars '{transactions_decimal_mark: point}' or comma."
        ]
    if points or commas:
        return ("point" if points else "comma"), []
    if not open_count:
        return "point", []
    return None, [
        f"{name}: {counted(open_count, 'value')} such as {shown(open_value)} may hold "
        "a decimal mark or a thousands separator, and no value tells which. Say it: "
        "--vars '{transactions_decimal_mark: point}' (1,234.50) or comma (1.234,50)."
    ]


def _tells(separator: str, mark: str) -> str:
    """Return SQL of whether digits can only have this separator and decimal mark.

    Both in one number, a separator that repeats, or a mark that does not stand before
    three digits tell which is which; 1,234 and 1.234 do not.
    """
    s, m = re.escape(separator), re.escape(mark)
    telling = (
        f"^[0-9]*{s}[0-9]+{m}[0-9]*$|{s}.*{s}|{m}[0-9]{{1,2}}$|{m}[0-9]{{4,}}$|^0?{m}"
    )
    against = f"{m}.*{m}|{m}.*{s}"
    return (
        f"regexp_matches(digits, '{telling}') "
        f"and not regexp_matches(digits, '{against}')"
    )
