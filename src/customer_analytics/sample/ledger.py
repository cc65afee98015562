"""The shop's documents: invoices, cancellations and bookings, with their lines."""

from dataclasses import dataclass

import numpy as np

from customer_analytics.sample.lines import Lines


@dataclass(frozen=True)
class Documents:
    """Invoices, cancellations and bookings; arrays of shape (n,).

    Attributes
    ----------
    owner : int array
        Index into People, -1 for what the shop books itself.
    minute : int array
        Minutes since the start of the period.
    prefix : object array
        "", "C" for a cancellation or "A" for an adjustment.
    """

    owner: np.ndarray
    minute: np.ndarray
    prefix: np.ndarray

    @staticmethod
    def join(parts: list["Documents"]) -> "Documents":
        """Return the documents of all parts, in order."""
        return Documents(
            np.concatenate([part.owner for part in parts]),
            np.concatenate([part.minute for part in parts]),
            np.concatenate([part.prefix for part in parts]),
        )


class Ledger:
    """Collects documents and their lines, numbering the documents."""

    def __init__(self) -> None:
        self._documents: list[Documents] = []
        self._lines: list[Lines] = []
        self._count = 0

    def open(self, owner: np.ndarray, minute: np.ndarray, prefix: str) -> np.ndarray:
        """Add documents and return their numbers."""
        prefixes = np.full(minute.size, prefix, dtype=object)
        owners = np.broadcast_to(owner, minute.size)
        self._documents.append(Documents(owners, minute, prefixes))
        self._count += minute.size
        return np.arange(self._count - minute.size, self._count)

    def add(self, lines: Lines) -> None:
        """Add lines of opened documents."""
        self._lines.append(lines)

    def close(self) -> tuple[Documents, Lines]:
        """Return everything collected."""
        return Documents.join(self._documents), Lines.join(self._lines)
