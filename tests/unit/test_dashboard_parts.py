"""Parts that the dashboard's pages share."""

import pandas as pd

from customer_analytics.dashboard.parts import plain, without_formulas


def test_cells_that_a_spreadsheet_would_run_are_text_in_downloads():
    frame = pd.DataFrame(
        {
            "name": ["=1+1", "+44", "-5", "@a", "\tb", "\rc", "plain", "a=b", None],
            "amount": [-1.5] * 9,
        }
    )
    written = without_formulas(frame)
    assert written["name"].tolist()[:8] == [
        *("'=1+1", "'+44", "'-5", "'@a", "'\tb", "'\rc", "plain", "a=b"),
    ]
    assert pd.isna(written["name"][8])
    assert written["amount"].tolist() == [-1.5] * 9
    # What the page shows stays as it is.
    assert frame["name"][0] == "=1+1"


def test_signs_of_markdown_in_names_and_amounts_are_shown_as_they_are():
    assert plain("*SALE* MUG, $ 5 to $ 6 [a_b]") == (
        r"\*SALE\* MUG, \$ 5 to \$ 6 \[a\_b\]"
    )
    assert plain("GBP 5, under 1 %.") == "GBP 5, under 1 %."
    assert plain(None) == ""
