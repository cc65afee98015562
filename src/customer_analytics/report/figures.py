"""The charts of the report, each with a title and the words for who cannot see it."""

import io
import re
from dataclasses import dataclass

import altair as alt
import pandas as pd

from customer_analytics.charts import (
    cohorts,
    lifetime_value,
    predictions,
    rfm,
    sales,
    segments,
)
from customer_analytics.charts.theme import styled
from customer_analytics.report.words import amount, counted, date, listed, month, share

# Pixels of a whole chart, axes included, on a page and on a phone.
WIDE, NARROW = 680, 340
# How much larger than on the page a PNG is drawn.
PNG_SCALE = 2


@dataclass(frozen=True)
class Figure:
    """A chart as the report shows it.

    Attributes
    ----------
    name : str
        Of its files, without ending.
    title : str
        What it shows, above it.
    alt : str
        What there is to see, in a sentence or two.
    chart : Chart or LayerChart
        As `customer_analytics.charts` draws it.
    """

    name: str
    title: str
    alt: str
    chart: alt.TopLevelMixin

    def svg(self, width: int = WIDE) -> str:
        """Return the chart as SVG of a width in pixels, axes included."""
        with io.StringIO() as text:
            self._sized(width).save(text, format="svg")
            return _renumbered(text.getvalue())

    def png(self) -> bytes:
        """Return the chart as PNG, twice as fine as the page is."""
        with io.BytesIO() as data:
            self._sized(WIDE).save(data, format="png", scale_factor=PNG_SCALE)
            return data.getvalue()

    def _sized(self, width: int) -> alt.TopLevelMixin:
        fitted = alt.AutoSizeParams(type="fit-x", contains="padding")
        return styled(self.chart, width=width).properties(autosize=fitted)


def _renumbered(svg: str) -> str:
    """Return a drawing with its gradients numbered from 0.

    They are numbered over all drawings of a process, so that the second of the same
    chart would be another file.
    """
    found = dict.fromkeys(re.findall(r"gradient_\d+", svg))
    numbers = {name: f"gradient_{number}" for number, name in enumerate(found)}
    return re.sub(r"gradient_\d+", lambda match: numbers[match.group()], svg)


def figures(tables: dict[str, pd.DataFrame]) -> dict[str, Figure]:
    """Draw every chart that there is data for.

    Parameters
    ----------
    tables : dict of str to DataFrame
        As `tables.read_tables` returns it.

    Returns
    -------
    dict of str to Figure
        By name; charts without data are not among them.
    """
    drawn = (draw(tables) for draw in DRAWERS)
    return {figure.name: figure for figure in drawn if figure is not None}


def _currency(tables: dict[str, pd.DataFrame]) -> str:
    return str(tables["span"]["currency"].iloc[0])


def _sales(tables: dict[str, pd.DataFrame]) -> Figure | None:
    months, currency = tables["months"], _currency(tables)
    if months["net_amount"].isna().all():
        return None
    best = months.loc[months["net_amount"].idxmax()]
    return Figure(
        "sales_by_month",
        "Net sales by month, guests included; months covered in part are grey",
        f"Bars of {counted(len(months), 'month')}, from "
        f"{month(months['sales_month'].iloc[0])} to "
        f"{month(months['sales_month'].iloc[-1])}. The highest is "
        f"{month(best['sales_month'])} with {amount(best['net_amount'], currency)}.",
        sales.monthly_sales(months, currency=currency),
    )


def _segments(tables: dict[str, pd.DataFrame]) -> Figure | None:
    profiles = tables["segments"]
    if profiles.empty or profiles["net_amount_share"].isna().all():
        return None
    texts = [
        f"{row.segment_name} are {share(row.customer_share)} of the customers and "
        f"{share(row.net_amount_share)} of the amount"
        for row in profiles.itertuples()
    ]
    return Figure(
        "segments",
        "How many customers each group holds, and how much it brings",
        f"Pairs of bars, one pair per group: {listed(texts)}.",
        segments.segment_sizes(profiles),
    )


def _rfm(tables: dict[str, pd.DataFrame]) -> Figure | None:
    found = tables["rfm_segments"]
    if found.empty:
        return None
    largest = found.nlargest(3, "customer_count")
    texts = [
        f"{row.segment_name} ({counted(row.customer_count, 'customer')})"
        for row in largest.itertuples()
    ]
    return Figure(
        "rfm_segments",
        "The RFM segments: areas are customers, brighter ones bring more each",
        f"A map of {counted(len(found), 'segment')}. The largest: {listed(texts)}.",
        rfm.segment_treemap(found, currency=_currency(tables)),
    )


def _moves(tables: dict[str, pd.DataFrame]) -> Figure | None:
    moves = tables["moves"]
    if moves.empty:
        return None
    latest = moves[moves["snapshot_date"] == moves["snapshot_date"].max()]
    count = int(latest["customer_count"].sum())
    stayed = latest[latest["from_segment"] == latest["to_segment"]]
    before, after = (
        date(latest[column].iloc[0])
        for column in ("previous_snapshot_date", "snapshot_date")
    )
    return Figure(
        "segment_moves",
        f"From which RFM segment on {before} to which on {after}",
        f"Bands from the segments on the left to those on the right, of "
        f"{counted(count, 'customer')}; "
        f"{share(stayed['customer_count'].sum() / count)} stayed in their segment.",
        segments.migration_flow(latest),
    )


def _retention(tables: dict[str, pd.DataFrame]) -> Figure | None:
    ages = tables["retention_by_age"]
    if len(ages) < 2:
        return None
    first, last = ages.iloc[0], ages.iloc[-1]
    return Figure(
        "retention",
        "Share of customers who order in a later month: all, and the range of cohorts",
        f"A line with a band around it. {share(first['retention_rate'])} of the "
        f"customers order in month {first['month_number']:.0f} after the first order, "
        f"{share(last['retention_rate'])} in month {last['month_number']:.0f}.",
        cohorts.retention_by_age(ages),
    )


def _forecast(tables: dict[str, pd.DataFrame]) -> Figure | None:
    months, currency = tables["forecast_months"], _currency(tables)
    if months["expected_amount"].isna().all():
        return None
    total = months["expected_amount"].sum()
    return Figure(
        "forecast_by_month",
        "What today's customers are expected to bring, month by month",
        f"A line of {counted(len(months), 'month')} to come, "
        f"{amount(total, currency)} in all, beside what customers who were known a "
        "year before brought then.",
        lifetime_value.forecast_by_month(months, currency=currency),
    )


def _calibration(tables: dict[str, pd.DataFrame]) -> Figure | None:
    bins = tables["calibration"]
    if len(bins) < 2:
        return None
    apart = (bins["observed_rate"] - bins["mean_probability"]).abs().max()
    return Figure(
        "churn_calibration",
        "Risk of a pause: what was predicted at past dates, and what came",
        f"{counted(len(bins), 'point')} along the diagonal on which prediction and "
        f"outcome agree; the farthest is {100 * apart:.0f} points off it.",
        predictions.calibration(bins),
    )


def _lift(tables: dict[str, pd.DataFrame]) -> Figure | None:
    deciles = tables["lift"]
    if len(deciles) < 10 or deciles["positive_count"].sum() == 0:
        return None
    rate = deciles["positive_count"].sum() / deciles["n"].sum()
    rated = deciles.assign(actual_rate=deciles["positive_count"] / deciles["n"])
    rated["lift"] = rated["actual_rate"] / rate
    return Figure(
        "churn_lift",
        "Who paused at past dates, by tenth of the predicted risk, against the average",
        f"Ten bars: in the tenth at the highest risk {rated['lift'].iloc[0]:.1f} times "
        f"the average paused, in the last {rated['lift'].iloc[-1]:.1f} times.",
        predictions.lift_by_decile(rated),
    )


def _value(tables: dict[str, pd.DataFrame]) -> Figure | None:
    deciles, currency = tables["value_deciles"], _currency(tables)
    if deciles["mean_actual_amount"].isna().all():
        return None
    # 1 is the lowest forecasts here, unlike in the deciles of predictions.
    top = deciles.iloc[-1]
    return Figure(
        "value_deciles",
        "What customers were expected to bring in 90 days at past dates, and brought",
        "Ten pairs of bars. The tenth with the highest forecasts was expected to bring "
        f"{amount(top['mean_predicted_amount'], currency)} each and brought "
        f"{amount(top['mean_actual_amount'], currency)}.",
        lifetime_value.deciles(deciles, currency=currency),
    )


DRAWERS = (
    *(_sales, _segments, _rfm, _moves, _retention),
    *(_forecast, _calibration, _lift, _value),
)
