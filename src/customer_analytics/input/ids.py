"""Ids of invoices, products and customers: cleaned in one way everywhere."""

from collections.abc import Iterable

from customer_analytics.input.sql import literal

# How exports write an id that is not there.
MISSING = ("", "nan", "null", "none")
# What a spreadsheet leaves of a long number: the other digits are lost.
SCIENTIFIC = r"^\d(\.\d+)?[eE]\+\d+$"
# Marks without width, which a copy from a web page brings along.
_INVISIBLE = r"[\x{200B}-\x{200F}\x{2060}\x{FEFF}\x{AD}]"
_BLANK = r"[\s\x{A0}\x{2000}-\x{200A}\x{202F}\x{3000}]"


def id_sql(column: str, duckdb_type: str) -> str:
    """Return SQL of an id as clean text; null where there is none.

    Without blanks at either end and invisible marks, in Unicode's composed form, and
    without the .0 that spreadsheets and floating-point columns add: 13085.0 is 13085.

    Parameters
    ----------
    column : str
        SQL of the value as it stands in the file.
    duckdb_type : str
        Its type.
    """
    if duckdb_type in ("FLOAT", "DOUBLE"):
        # As a whole number, which text would write as 5.84e12.
        return (
            f"case when isnan({column}) then null "
            f"when {column} = floor({column}) and abs({column}) < 9e15 "
            f"then {column}::bigint::varchar else {column}::varchar end"
        )
    if "INT" in duckdb_type:
        return f"{column}::varchar"
    text = f"{column}::varchar"
    # Nearly all ids are of visible ASCII characters and clean as they stand; only those
    # with letters beyond ASCII need the expressions.
    clean = (
        f"regexp_replace(regexp_replace(nfc_normalize({text}), '{_INVISIBLE}', '', "
        f"'g'), '^{_BLANK}+|{_BLANK}+$', '', 'g')"
    )
    clean = (
        f"case when regexp_full_match({text}, '[!-~]*') then {text} "
        f"when strlen({text}) = length({text}) "
        rf"then trim({text}, E' \t\r\n') else {clean} end"
    )
    missing = ", ".join(literal(word) for word in MISSING)
    # A lambda names the clean text, so that it is written once.
    return (
        f"list_transform([{clean}], lambda t: case when lower(t) in ({missing}) "
        "then null when t like '%.0' and try_cast(t as decimal(38, 1)) is not null "
        "then left(t, length(t) - 2) else t end)[1]"
    )


def customer_sql(clean_id: str, guests: Iterable[str]) -> str:
    """Return SQL of a clean customer id that is null where it means nobody."""
    words = ", ".join(literal(str(word).strip().lower()) for word in guests)
    if not words:
        return clean_id
    return f"case when lower({clean_id}) not in ({words}) then {clean_id} end"
