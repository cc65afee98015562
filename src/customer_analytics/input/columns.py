"""Which column of a file is which: headers only, no values."""

import re
from dataclasses import dataclass

from customer_analytics.input.problems import shown, shown_list

TRANSACTION_COLUMNS = (
    "invoice",
    "stock_code",
    "description",
    "quantity",
    "invoice_date",
    "unit_price",
    "amount",
    "customer_id",
    "country",
    "category",
)
ALSO_CALLED = {"invoiceno": "invoice", "price": "unit_price"}
WITH_PRODUCTS = ("invoice", "stock_code", "quantity", "unit_price")


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
    """Return a header without case, blanks and punctuation."""
    return re.sub(r"[\W_]", "", header).lower()


def match_transactions(header: tuple[str, ...], chosen: dict[str, str]) -> Match:
    """Find the columns of order lines in a header.

    Parameters
    ----------
    header : tuple of str
        The header row as it stands in the file.
    chosen : dict of str to str
        Our column name -> header; goes before what would be recognised.

    Returns
    -------
    Match
        `amount` only where it was chosen, or quantity and unit price are not both
        there.
    """
    positions, problems = _chosen_positions(header, chosen, "transaction_columns")
    taken = set(positions.values())
    for name in TRANSACTION_COLUMNS:
        if name in chosen:
            continue
        found = [
            position
            for position, text in enumerate(header)
            if position not in taken and _transaction_name(text) == name
        ]
        if len(found) > 1:
            problems.append(_several(name, [header[i] for i in found]))
        if found:
            positions[name] = found[0]
    if "amount" not in chosen and {"quantity", "unit_price"} <= positions.keys():
        positions.pop("amount", None)
    problems += _missing(positions, header, chosen)
    ordered = {c: positions[c] for c in TRANSACTION_COLUMNS if c in positions}
    return Match(ordered, problems)


def match_attributes(header: tuple[str, ...], chosen: dict[str, str]) -> Match:
    """Find the customer id in a header and name all other columns.

    Parameters
    ----------
    header, chosen
        As in `match_transactions`; a chosen name becomes the attribute's name.

    Returns
    -------
    Match
        `customer_id` first, then the attributes in the order of the header.
    """
    variable = "customer_attribute_columns"
    positions, problems = _chosen_positions(header, chosen, variable, any_name=True)
    taken = set(positions.values())
    for position, text in enumerate(header):
        if position in taken:
            continue
        is_id = plain(text) == "customerid"
        name = "customer_id" if is_id else attribute_name(text, position)
        if name in positions and not (is_id and "customer_id" in chosen):
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
    ids = {c: positions.pop(c) for c in ("customer_id",) if c in positions}
    return Match(ids | dict(sorted(positions.items(), key=lambda x: x[1])), problems)


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


def _transaction_name(header: str) -> str | None:
    text = plain(header)
    by_plain = {plain(name): name for name in TRANSACTION_COLUMNS} | ALSO_CALLED
    return by_plain.get(text)


def _chosen_positions(
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
            problems.append(_several(name, headers, variable))
        positions[name] = found[0]
    return positions, problems


def _several(
    name: str, headers: list[str], variable: str = "transaction_columns"
) -> str:
    # Headers that are the same to the letter cannot be told apart by a mapping.
    choose = f", or name it: --vars '{{{variable}: {{{name}: <header>}}}}'"
    return (
        f"{len(headers)} columns could be {name}: {shown_list(headers)}. Remove or "
        f"rename all but one{choose if len(set(headers)) > 1 else ''}."
    )


def _missing(
    positions: dict[str, int], header: tuple[str, ...], chosen: dict[str, str]
) -> list[str]:
    """Return the problem of required columns that are not there."""
    needed = ["customer_id", "invoice_date"]
    if "amount" not in positions:
        needed += WITH_PRODUCTS
    missing = [c for c in needed if c not in positions and c not in chosen]
    if not missing:
        return []
    instead = (
        " (or, for orders without products, amount in place of "
        f"{', '.join(WITH_PRODUCTS)})"
        if set(missing) & set(WITH_PRODUCTS) and "amount" not in chosen
        else ""
    )
    example = ", ".join(f"{name}: <header>" for name in missing)
    return [
        f"no column for {', '.join(missing)}{instead}. The columns are "
        f"{shown_list(list(header))}. Map: --vars '{{transaction_columns: "
        f"{{{example}}}}}'."
    ]
