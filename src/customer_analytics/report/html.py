"""Pieces of an HTML page: text escaped, charts within the page, tables for phones."""

import base64
from collections.abc import Sequence
from html import escape

from customer_analytics.report.figures import NARROW, Figure

# Below this width in pixels the narrow drawing of a chart is shown.
PHONE = 600


def paragraph(sentences: Sequence[str]) -> str:
    """Return sentences as one paragraph; nothing for none."""
    return f"<p>{escape(' '.join(sentences))}</p>" if sentences else ""


def bullets(items: Sequence[str]) -> str:
    """Return a list, one point per item; nothing for none."""
    points = "".join(f"<li>{escape(item)}</li>" for item in items)
    return f"<ul>{points}</ul>" if points else ""


def note(text: str) -> str:
    """Return a paragraph that says why something is not there."""
    return f'<p class="note">{escape(text)}</p>'


def picture(figure: Figure | None) -> str:
    """Return a chart with its title, drawn for pages and for phones; nothing for none.

    Each drawing is an image of its own, so that what they define does not clash.
    """
    if figure is None:
        return ""
    return (
        f'<figure id="{escape(figure.name)}">'
        f"<figcaption>{escape(figure.title)}</figcaption><picture>"
        f'<source media="(max-width: {PHONE}px)" '
        f'srcset="{_data_address(figure.svg(NARROW))}">'
        f'<img src="{_data_address(figure.svg())}" alt="{escape(figure.alt)}">'
        "</picture></figure>"
    )


def table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; on phones each row is a card, its cells named by the header.

    Parameters
    ----------
    caption : str
        What the table lists.
    header : sequence of str
        Names of the columns.
    rows : sequence of sequence of str
        Cells as text, as many per row as the header has.
    """
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-name="{escape(name)}">{escape(cell)}</td>'
            for name, cell in zip(header, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f"<table><caption>{escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def tiles(figures: Sequence[tuple[str, str, str]]) -> str:
    """Return key figures: what it is, the number, and what it compares with."""
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}"
        f"<small>{escape(more)}</small></dd></div>"
        for name, value, more in figures
    )
    return f'<dl class="tiles">{cells}</dl>' if cells else ""


def section(name: str, title: str, parts: Sequence[str]) -> str:
    """Return a section of the page with its heading."""
    return (
        f'<section id="{escape(name)}"><h2>{escape(title)}</h2>'
        f"{''.join(parts)}</section>"
    )


def page(title: str, style: str, body: str) -> str:
    """Return a whole page that asks no other address for anything."""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{body}</main></body></html>\n"
    )


def _data_address(svg: str) -> str:
    encoded = base64.b64encode(svg.encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"
