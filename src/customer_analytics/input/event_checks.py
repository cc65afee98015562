"""Check events: which column is which, and whether the values can be read."""

import duckdb

from customer_analytics.input.columns import (
    Match,
    chosen_positions,
    several,
    spelled,
)
from customer_analytics.input.dates import FORMS, timestamp_sql
from customer_analytics.input.ids import SCIENTIFIC
from customer_analytics.input.problems import counted, shown, shown_list
from customer_analytics.input.settings import Settings

MAPPING = "customer_event_columns"
NEEDED = ("customer_id", "event_at", "event_type")
COLUMNS = (*NEEDED, "value", "text")


def match_events(header: tuple[str, ...], chosen: dict[str, str]) -> Match:
    """Find the columns of events in a header.

    Parameters
    ----------
    header : tuple of str
        The header row as it stands in the file.
    chosen : dict of str to str
        Our column name -> header; goes before what would be recognised.

    Returns
    -------
    Match
    """
    positions, problems = chosen_positions(header, chosen, MAPPING, any_name=True)
    for name in COLUMNS:
        if name in chosen:
            continue
        found = spelled(name, header, set(positions.values()))
        if len(found) > 1:
            problems.append(several(name, [header[i] for i in found], MAPPING))
        if found:
            positions[name] = found[0]
    missing = [c for c in NEEDED if c not in positions and c not in chosen]
    if missing:
        example = ", ".join(f"{name}: <header>" for name in missing)
        problems.append(
            f"no column for {', '.join(missing)}. The columns are "
            f"{shown_list(list(header))}. Map: --vars '{{{MAPPING}: {{{example}}}}}'."
        )
    return Match({c: positions[c] for c in COLUMNS if c in positions}, problems)


def unknown_names(chosen: dict[str, str]) -> list[str]:
    """Return the problem of names in the mapping that are not ours."""
    unknown = [name for name in chosen if name not in COLUMNS]
    if not unknown:
        return []
    return [
        f"{MAPPING}: {shown_list(unknown)} is not a column of ours. Allowed are "
        f"{', '.join(COLUMNS)}; each is followed by the header in your file."
    ]


def value_problems(
    cursor: duckdb.DuckDBPyConnection, settings: Settings, raw: str, staging: str
) -> list[str]:
    """Return the problems of ids and of too many values that cannot be read.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    settings : Settings
    raw, staging : str
        Names of the tables of events as they stand, and as they were read.
    """
    ((total, undated, untyped, lost, example, dated, valued),) = cursor.execute(f"""
        select
            count(*),
            count(*) filter (event_at is null),
            count(*) filter (event_type is null),
            count(*) filter (regexp_matches(customer_id, '{SCIENTIFIC}')),
            min(customer_id) filter (regexp_matches(customer_id, '{SCIENTIFIC}')),
            count(*) filter (event_at is not null),
            count(value)
        from {staging}""").fetchall()
    ((filled, number_example),) = cursor.execute(f"""
        select
            count(value_text),
            min(value_text) filter (
                value_number is null and try_cast(value_text as double) is null
            )
        from {raw}""").fetchall()
    limit = settings.max_unreadable_share
    ways = (
        f"Correct them, map another column with {MAPPING}, or leave these events out: "
        f"set max_unreadable_share (now {limit:g}) above "
    )
    problems = []
    if lost:
        problems.append(
            f"{counted(lost, 'customer_id')} such as {shown(example)} are what a "
            "spreadsheet makes of long numbers: digits are lost. Export the column as "
            "text."
        )
    if undated > limit * total:
        ((text,),) = cursor.execute(
            f"select min(at_text) from {raw} where at_time is null and "
            f"coalesce({timestamp_sql('at_text', 'day_first')}, "
            f"{timestamp_sql('at_text', 'month_first')}) is null"
        ).fetchall()
        problems.append(
            f"event_at: {counted(undated, 'value')} of {total:,} such as "
            f"{shown(text)} cannot be read as a date. Read are {FORMS.split('. ')[0]}. "
            f"{ways}{undated / total:.4f}."
        )
    if untyped > limit * total:
        problems.append(
            f"event_type is blank in {counted(untyped, 'row')} of {total:,}. "
            f"{ways}{untyped / total:.4f}."
        )
    if filled - valued > limit * filled:
        problems.append(
            f"value: {counted(filled - valued, 'value')} of {filled:,} such as "
            f"{shown(number_example)} cannot be read as a number such as 4.5. "
            f"{ways}{(filled - valued) / filled:.4f}."
        )
    if not problems and not dated:
        problems.append("no event has a readable event_at. Correct the file.")
    return problems
