"""Write the sample, or any number of lines like it, as Parquet files."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np

from customer_analytics.sample.block import cut_block, decode_block, make_block
from customer_analytics.sample.catalogue import make_catalogue
from customer_analytics.sample.make import (
    FIRST_CUSTOMER,
    FIRST_DATE,
    FIRST_INVOICE,
    Sample,
    make_sample,
)
from customer_analytics.sample.trading_calendar import make_calendar

STREAM_PRODUCT_COUNT = 4_000
STREAM_BUNDLE_COUNT = 40
STREAM_BASKET_SCALE = 4.0
STREAM_GUESTS_PER_CUSTOMER = 1.8
STREAM_LINES_PER_CUSTOMER = 170.0
BLOCK_LINES = 1_000_000
BLOCK_MARGIN = 1.04  # makes it likely that one block fills its file
SMALL_LEVEL, FAST_LEVEL = 19, 1


def write_sample(folder: str | Path, *, with_truth: bool = False) -> Sample:
    """Write transactions, customer_attributes and customer_events as Parquet files.

    Parameters
    ----------
    folder : str or Path
        Existing folder; files of these names are replaced.
    with_truth : bool
        Whether to write customer_truth.parquet, product_truth.parquet,
        bundle_truth.parquet and line_truth.parquet too.

    Returns
    -------
    Sample
        What was written, with the truth.

    Raises
    ------
    FileNotFoundError
        If the folder does not exist.
    """
    folder = _existing(folder)
    sample = make_sample()
    tables = {
        "transactions": sample.transactions,
        "customer_attributes": sample.customer_attributes,
        "customer_events": sample.customer_events,
    }
    if with_truth:
        pairs = [
            (bundle, code, planted["strength"])
            for bundle, planted in sample.bundle_truth.items()
            for code in planted["codes"]
        ]
        bundles, codes, strengths = zip(*pairs, strict=True)
        tables |= {
            "customer_truth": sample.customer_truth,
            "product_truth": sample.product_truth,
            "line_truth": sample.line_truth,
            "bundle_truth": {
                "bundle_id": np.array(bundles),
                "stock_code": np.array(codes, dtype=object),
                "strength": np.array(strengths),
            },
        }
    with _connect() as connection:
        for name, table in tables.items():
            path = folder / f"{name}.parquet"
            _write_parquet(connection, table, path, level=SMALL_LEVEL)
    return sample


def stream_transactions(
    line_count: int,
    folder: str | Path,
    *,
    seed: int,
    lines_per_file: int = 1_000_000,
) -> int:
    """Write any number of order lines as part-00000.parquet, part-00001.parquet, ...

    Baskets, customers and dirt have about the proportions of Online Retail II. Each
    file covers the whole period with customers and invoices of its own; memory holds
    one file's lines.

    Parameters
    ----------
    line_count : int
        Lines in all, > 0.
    folder : str or Path
        Existing folder; files of these names are replaced.
    seed : int
        Same seed, same lines.
    lines_per_file : int
        Lines of every file but the last, > 0; a million take about half a gigabyte.

    Returns
    -------
    int
        Number of files written.

    Raises
    ------
    ValueError
        If ``line_count`` or ``lines_per_file`` is not positive.
    FileNotFoundError
        If the folder does not exist.
    """
    for name, value in (("line_count", line_count), ("lines_per_file", lines_per_file)):
        if value <= 0:
            raise ValueError(f"{name}={value} needs to be > 0")
    folder = _existing(folder)
    shop = _Stream(seed)
    file_count = -(-line_count // lines_per_file)
    with _connect() as connection:
        for index in range(file_count):
            count = min(lines_per_file, line_count - index * lines_per_file)
            path = folder / f"part-{index:05d}.parquet"
            _write_parquet(connection, shop.draw(count), path, level=FAST_LEVEL)
    return file_count


class _Stream:
    """An endless shop: blocks of customers, none of whose numbers come twice."""

    def __init__(self, seed: int) -> None:
        self._seeds = np.random.SeedSequence(seed)
        self._calendar = make_calendar(FIRST_DATE)
        self._catalogue = make_catalogue(
            self._next_rng(),
            product_count=STREAM_PRODUCT_COUNT,
            bundle_count=STREAM_BUNDLE_COUNT,
            calendar_months=self._calendar.calendar_months,
        )
        self._invoice = FIRST_INVOICE
        self._customer = FIRST_CUSTOMER

    def draw(self, line_count: int) -> dict[str, np.ndarray]:
        """Draw exactly the given number of lines."""
        blocks = list(self._draw_blocks(line_count))
        if len(blocks) == 1:
            return blocks[0]
        return {
            name: np.ma.concatenate([block[name] for block in blocks])
            if np.ma.isMaskedArray(column)
            else np.concatenate([block[name] for block in blocks])
            for name, column in blocks[0].items()
        }

    def _draw_blocks(self, line_count: int) -> Iterator[dict[str, np.ndarray]]:
        while line_count > 0:
            wanted = min(line_count, BLOCK_LINES)
            customers = int(wanted * BLOCK_MARGIN / STREAM_LINES_PER_CUSTOMER) + 20
            rng = self._next_rng()
            block = make_block(
                rng,
                self._catalogue,
                self._calendar,
                customer_count=customers,
                guests_per_customer=STREAM_GUESTS_PER_CUSTOMER,
                basket_scale=STREAM_BASKET_SCALE,
            )
            block = cut_block(rng, block, wanted)
            yield decode_block(
                block,
                self._catalogue,
                self._calendar,
                first_invoice=self._invoice,
                first_customer=self._customer,
            )
            self._invoice += block.documents.minute.size
            self._customer += customers
            line_count -= block.lines.kind.size

    def _next_rng(self) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64(self._seeds.spawn(1)[0]))


def _existing(folder: str | Path) -> Path:
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder}")
    return folder


def _connect() -> duckdb.DuckDBPyConnection:
    # One thread writes the rows in the order given, and the same bytes each time.
    return duckdb.connect(config={"threads": 1})


def _write_parquet(
    connection: duckdb.DuckDBPyConnection,
    table: dict[str, np.ndarray],
    path: Path,
    *,
    level: int,
) -> None:
    """Write a dict of columns, which DuckDB reads without pandas or pyarrow."""
    # DuckDB takes no coarser time unit from numpy.
    table = {
        name: column.astype("datetime64[us]") if column.dtype.kind == "M" else column
        for name, column in table.items()
    }
    connection.register("columns_to_write", table)
    target = str(path).replace("'", "''")
    connection.execute(
        f"copy columns_to_write to '{target}' (format parquet, compression zstd, "
        f"compression_level {level}, row_group_size 1000000)"
    )
    connection.unregister("columns_to_write")
