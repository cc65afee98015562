"""Print figures as tables a person can read."""

from collections.abc import Sequence


def print_table(
    title: str, header: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    """Print rows under a header, text to the left and numbers to the right."""
    cells = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    print(f"\n{title}")
    for number, row in enumerate(cells):
        first, *others = zip(row, widths, strict=True)
        print(
            f"  {first[0]:<{first[1]}}"
            + "".join(f"  {cell:>{width}}" for cell, width in others)
        )
        if number == 0:
            print("  " + "  ".join("-" * width for width in widths))


def show_bytes(size: int | None) -> str:
    """Return a size in MB, or n/a."""
    return "n/a" if size is None else f"{size / 1e6:,.0f} MB"


def show_seconds(seconds: float) -> str:
    """Return seconds with the digits that mean something."""
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.1f} s"
