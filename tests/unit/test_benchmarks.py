import sys

import pandas as pd
import pytest
from benchmarks.measure import folder_bytes, run_measured
from benchmarks.pandas_baseline import clean, match_returns, number_lines
from benchmarks.report import print_table

SEEDS = {
    "non_product_codes": pd.DataFrame({"code_pattern": ["POST", "GIFT_[0-9]+"]}),
    "countries": pd.DataFrame({"country_as_written": ["EIRE"], "country": ["Ireland"]}),
}


def order_log(rows):
    columns = ["Invoice", "StockCode", "Quantity", "Price", "Customer ID"]
    log = pd.DataFrame(rows, columns=columns)
    days = pd.to_timedelta(range(len(log)), unit="D")
    return log.assign(
        Description="MUG",
        Country="EIRE",
        InvoiceDate=pd.Timestamp("2024-01-01") + days,
    )


def test_child_is_measured_on_its_own(tmp_path):
    script = (
        "import time; x = bytearray(60_000_000); time.sleep(0.3); print(len(x))\n"
        "while time.process_time() < 0.5: pass"
    )
    measured = run_measured(
        [sys.executable, "-c", script], log_path=tmp_path / "log", cwd=tmp_path
    )
    assert measured.log.strip() == "60000000"
    assert 0.3 <= measured.seconds < 30
    if sys.platform != "win32":
        assert 60e6 < measured.peak_rss < 1e9
        # What is slept is not worked; starting and ending may be on a busy machine.
        assert 0.5 <= measured.cpu_seconds < measured.seconds


def test_peak_of_temporary_files_is_seen(tmp_path):
    spill = tmp_path / "spill"
    script = (
        "import sys, time, pathlib; folder = pathlib.Path(sys.argv[1]); "
        "folder.mkdir(); file = folder / 'temporary'; "
        "file.write_bytes(bytes(5000)); time.sleep(0.6); file.unlink()"
    )
    measured = run_measured(
        [sys.executable, "-c", script, str(spill)],
        log_path=tmp_path / "log",
        cwd=tmp_path,
        spill_folder=spill,
    )
    assert measured.peak_spill == 5000
    assert folder_bytes(spill) == 0


def test_failed_command_shows_its_output(tmp_path):
    command = [sys.executable, "-c", "print('why'); raise SystemExit(3)"]
    with pytest.raises(RuntimeError, match="ended with 3:\nwhy"):
        run_measured(command, log_path=tmp_path / "log", cwd=tmp_path)


def test_table_aligns_numbers_to_the_right(capsys):
    print_table("title", ["name", "value"], [["a", 1], ["long name", 1000]])
    assert capsys.readouterr().out.splitlines()[2:] == [
        "  name       value",
        "  ---------  -----",
        "  a              1",
        "  long name   1000",
    ]


def test_baseline_excludes_for_the_first_reason_that_applies():
    log = order_log(
        [
            ("1", "10001", 2, 1.5, 7),
            ("1", "POST", 1, 4.0, 7),
            ("2", "10001", -5, 0.0, None),
            ("3", "10001", 1, 0.0, 7),
            ("C4", "10001", -1, 1.5, 7),
            ("C5", "10001", 1, 1.5, 7),
        ]
    )
    log = pd.concat([log, log.head(1)], ignore_index=True)
    lines = clean(log, SEEDS)
    assert lines["exclusion_reason"].tolist() == [
        "",
        "not_a_product",
        "stock_write_off",
        "no_or_negative_price",
        "",
        "unreadable",
        "exact_duplicate",
    ]
    assert lines["line_type"].tolist()[::4] == ["sale", "return"]
    assert set(lines["country"]) == {"Ireland"}


def test_baseline_matches_same_price_then_exact_quantity_then_latest():
    log = order_log(
        [
            ("1", "10001", 3, 1.0, 7),  # exact quantity
            ("2", "10001", 5, 1.0, 7),  # later, takes what is left
            ("3", "10001", 3, 2.0, 7),  # another price
            ("C4", "10001", -3, 1.0, 7),
            ("C5", "10001", -6, 1.0, 7),
            ("6", "10001", 9, 1.0, 7),  # sold after the returns
        ]
    )
    matches = match_returns(number_lines(clean(log, SEEDS)))
    taken = matches.sort_values(["returned_at", "sale_line_id"])
    assert list(
        taken[["return_line_id", "sale_line_id", "returned_units"]].itertuples(
            index=False, name=None
        )
    ) == [("C4-1", "1-1", 3), ("C5-1", "2-1", 5), ("C5-1", "3-1", 1)]
