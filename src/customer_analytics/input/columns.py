"""Which column of a file is which: headers only, no values."""

import re
import unicodedata
from dataclasses import dataclass

from customer_analytics.input.problems import shown, shown_list
from customer_analytics.input.synonyms import EXPORTS, HINTS, SPELLINGS

TRANSACTION_COLUMNS = (
    "invoice",
    "stock_code",
    "description",
    "quantity",
    "invoice_date",
    "unit_price",
    "amount",
    "discount",
    "unit_cost",
    "customer_id",
    "country",
    "category",
    "store",
)
# How transaction_columns says that a log has no such column.
NOT_THERE = "none"
POSITION = re.compile(r"column (\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Match:
    """Columns found in one header.

    Attributes
    ----------
    positions : dict of str to int
        Our column name -> position in the header, in our order.
    problems : list of str
        Without the file's name; empty if the file can be used.
    """

    positions: dict[str, int]
    problems: list[str]


def plain(header: str) -> str:
    """Return a header without case, blanks, punctuation and accents."""
    letters = unicodedata.normalize("NFKD", header)
    text = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"[\W_]", "", text).lower()


def by_position(chosen: dict[str, str]) -> bool:
    """Return whether a mapping names columns by number: the file has no header."""
    named = [name for name in chosen.values() if name.lower() != NOT_THERE]
    return bool(named) and all(POSITION.fullmatch(name) for name in named)


def match_transactions(header: tuple[str, ...], chosen: dict[str, str]) -> Match:
    """Find the columns of order lines in a header.

    Parameters
    ----------
    header : tuple of str
        The header row as it stands in the file.
    chosen : dict of str to str
        Our column name -> header, or 'none' where the log has no such column; goes
        before what would be recognised.

    Returns
    -------
    Match
        `amount` only where it was chosen, or quantity and unit price are not both
        there. `stock_code` is where `description` is, if there is no code.
    """
    absent = {name for name, wanted in chosen.items() if wanted.lower() == NOT_THERE}
    chosen = {name: wanted for name, wanted in chosen.items() if name not in absent}
    positions, problems = chosen_positions(header, chosen, "transaction_columns")
    problems += _same_header(positions, header)
    for name, spelling in _export(header).items():
        found = [i for i, text in enumerate(header) if plain(text) == spelling]
        if name not in chosen and not set(found) & set(positions.values()):
            positions[name] = found[0]
    for name in TRANSACTION_COLUMNS:
        if name in chosen or name in positions or name in absent:
            continue
        if name == "amount" and {"quantity", "unit_price"} <= positions.keys():
            continue
        found = spelled(name, header, set(positions.values()))
        if len(found) > 1:
            problems.append(several(name, [header[i] for i in found]))
        if found:
            positions[name] = found[0]
    if "stock_code" not in positions | chosen and "description" in positions:
        positions["stock_code"] = positions["description"]
    problems += _missing(positions, header, chosen | dict.fromkeys(absent, NOT_THERE))
    ordered = {c: positions[c] for c in TRANSACTION_COLUMNS if c in positions}
    return Match(ordered, problems)


def match_attributes(
    header: tuple[str, ...],
    chosen: dict[str, str],
    labels: dict[str, str] | None = None,
) -> Match:
    """Find the customer id in a header and name all other columns.

    Parameters
    ----------
    header, chosen
        As in `match_transactions`; a chosen name becomes the attribute's name.
    labels : dict of str to str, optional
        The same, from `customer_labels`.

    Returns
    -------
    Match
        `customer_id` first, then the attributes in the order of the header.
    """
    variable = "customer_attribute_columns"
    positions, problems = chosen_positions(header, chosen, variable, any_name=True)
    outcomes, more = chosen_positions(
        header, labels or {}, "customer_labels", any_name=True
    )
    positions, problems = positions | outcomes, problems + more
    taken = set(positions.values())
    ids = spelled("customer_id", header, taken)
    if len(ids) > 1:
        problems.append(several("customer_id", [header[i] for i in ids], variable))
    for position, text in enumerate(header):
        if position in taken:
            continue
        is_id = position in ids[:1] and "customer_id" not in chosen
        name = "customer_id" if is_id else attribute_name(text, position)
        if name in positions:
            problems.append(
                f"the columns {shown(header[positions[name]])} and {shown(text)} are "
                f"both {name}. Rename or remove one of them."
            )
        elif name not in positions:
            positions[name] = position
    if "customer_id" not in positions and "customer_id" not in chosen:
        problems.append(
            f"no column for customer_id. The columns are {shown_list(list(header))}. "
            f"Map it: --vars '{{{variable}: {{customer_id: <header>}}}}'."
        )
    first = {c: positions.pop(c) for c in ("customer_id",) if c in positions}
    return Match(first | dict(sorted(positions.items(), key=lambda x: x[1])), problems)


def attribute_name(header: str, position: int = 0) -> str:
    """Return a header in snake_case, without units in brackets.

    Examples
    --------
    >>> attribute_name("Annual Income (k$)"), attribute_name("EmailOpens")
    ('annual_income', 'email_opens')
    """
    text = re.sub(r"[(\[{].*?[)\]}]", " ", header)
    text = re.sub(r"([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])", r"\1\3_\2\4", text)
    return re.sub(r"[\W_]+", "_", text).strip("_").lower() or f"column_{position + 1}"


def mapping_text(header: tuple[str, ...], positions: dict[str, int]) -> str:
    """Return 'invoice=InvoiceNo, ...' for the list of files read."""
    return ", ".join(f"{name}={header[i]}" for name, i in positions.items())


def unknown_names(chosen: dict[str, str]) -> list[str]:
    """Return the problem of names in `transaction_columns` that are not ours."""
    unknown = [name for name in chosen if name not in TRANSACTION_COLUMNS]
    if not unknown:
        return []
    return [
        f"transaction_columns: {shown_list(unknown)} is not a column of ours. "
        f"Allowed are {', '.join(TRANSACTION_COLUMNS)}; each is followed by the "
        "header in your file."
    ]


def _export(header: tuple[str, ...]) -> dict[str, str]:
    """Return what a well-known export calls by the name of something else."""
    names = {plain(text) for text in header}
    for known, columns in EXPORTS.values():
        if names.issuperset(known):
            return columns
    return {}


def spelled(name: str, header: tuple[str, ...], taken: set[int]) -> list[int]:
    """Return where a column stands, by the best group of spellings that is there."""
    texts_at = {
        i: {plain(text), plain(re.sub(r"[(\[{].*?[)\]}]", " ", text))}
        for i, text in enumerate(header)
        if i not in taken
    }
    for group in SPELLINGS[name]:
        spellings = set(group.split())
        if found := [i for i, texts in texts_at.items() if texts & spellings]:
            return found
    return []


def chosen_positions(
    header: tuple[str, ...],
    chosen: dict[str, str],
    variable: str,
    *,
    any_name: bool = False,
) -> tuple[dict[str, int], list[str]]:
    """Return the positions of mapped headers, and the problems of the mapping."""
    positions: dict[str, int] = {}
    problems = []
    for name, wanted in chosen.items():
        if not any_name and name not in TRANSACTION_COLUMNS:
            continue
        found = [i for i, text in enumerate(header) if text == wanted]
        if not found and (number := POSITION.fullmatch(wanted)):
            found = [i for i in (int(number[1]) - 1,) if 0 <= i < len(header)]
        if not found:
            found = [i for i, text in enumerate(header) if plain(text) == plain(wanted)]
        if not found:
            problems.append(
                f"{variable} maps {name} to {shown(wanted)}, which is no column here. "
                f"The columns are {shown_list(list(header))}. Correct {variable}."
            )
            continue
        if len(found) > 1:
            headers = [header[i] for i in found]
            problems.append(several(name, headers, variable))
        positions[name] = found[0]
    return positions, problems


def several(
    name: str, headers: list[str], variable: str = "transaction_columns"
) -> str:
    """Return the problem of several headers that may be one column."""
    # Headers that are the same to the letter cannot be told apart by a mapping.
    choose = f", or name it: --vars '{{{variable}: {{{name}: <header>}}}}'"
    return (
        f"{len(headers)} columns could be {name}: {shown_list(headers)}. Remove or "
        f"rename all but one{choose if len(set(headers)) > 1 else ''}."
    )


def _same_header(positions: dict[str, int], header: tuple[str, ...]) -> list[str]:
    """Return the problem of two of our columns that are mapped to one header."""
    problems = []
    for position in sorted(set(positions.values())):
        names = [name for name, i in positions.items() if i == position]
        # What a product is called may be all that tells it.
        if len(names) > 1 and set(names) != {"stock_code", "description"}:
            problems.append(
                f"transaction_columns maps {' and '.join(names)} to one column, "
                f"{shown(header[position])}. Map each to a column of its own."
            )
    return problems


def _missing(
    positions: dict[str, int], header: tuple[str, ...], chosen: dict[str, str]
) -> list[str]:
    """Return the problem of columns that a log needs, or that may have another name."""
    missing = [] if "invoice_date" in positions else ["invoice_date"]
    if "invoice" not in positions and "customer_id" not in positions:
        missing.append("invoice")
    if "amount" not in positions and "stock_code" not in positions:
        missing.append("stock_code")
    rest = [text for i, text in enumerate(header) if i not in positions.values()]
    unclear = {}
    for name, hints in HINTS.items():
        by_amount = "amount" in positions and name != "customer_id"
        if name in positions or by_amount or name in missing:
            continue
        alike = [text for text in rest if any(h in plain(text) for h in hints)]
        if alike or (missing and name != "quantity"):
            unclear[name] = alike
    wanted = [name for name in [*missing, *unclear] if name not in chosen]
    if not wanted:
        return []
    example = ", ".join(f"{name}: <header>" for name in wanted)
    instead = (
        ""
        if "amount" in positions or "stock_code" in positions
        else " (a log without products needs amount instead of stock_code, quantity "
        "and unit_price)"
    )
    nothing = (
        f" Where there is none, say so: {{{next(iter(unclear))}: {NOT_THERE}}}."
        if unclear and not missing
        else ""
    )
    if not positions and any(re.fullmatch(r"[-+\d.,:/ ]*\d", text) for text in header):
        return [
            f"the first line holds values, no names: {shown_list(list(header))}. Name "
            "the columns by their number: --vars '{transaction_columns: {invoice: "
            "column 1, stock_code: column 2, ...}}'."
        ]
    return [
        f"no column for {', '.join(wanted)}{instead}. The columns are "
        f"{shown_list(list(header))}. Map: --vars '{{transaction_columns: "
        f"{{{example}}}}}'.{nothing}"
    ]
