"""The same shop in another currency: amounts times 16,000, all else as it was."""

import csv
import datetime as dt
import re
from decimal import Decimal

import numpy as np
import pytest

TIMES = 16_000
# Data tests and unit tests have builds of their own.
BUILD = ("build", "--exclude-resource-types", "unit_test", "test")
# All kinds of models are fitted, to few customers.
SMALL = {
    "prediction_first_order_min_rows": 60,
    "prediction_first_order_skip_days": 30,
    "prediction_min_class_rows": 10,
    "lifetime_value_min_repeaters": 10,
    # One set is enough, and half the time.
    "segment_feature_sets": {"orders": ["recency_days", "order_count", "net_amount"]},
}
# Amounts are served with four decimals, and some are products of such: a ten
# thousandth, in the other currency.
ROUNDED = TIMES * 0.0001
# Say which data it was, or in which currency.
APART = ("model_run_id", "data_fingerprint", "currency")
# Words and texts with an amount in them.
WORDED = re.compile("persona|traits|reason|finding|_values?$")


def order_log(path, price_factor):
    """Write two years of orders of 150 customers, the prices times a factor."""
    random = np.random.default_rng(5)
    first = dt.datetime(2022, 9, 1, 9)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,"
            "Customer ID,Country".split(",")
        )
        invoice = 1000
        prices = [Decimal(int(p)) / 100 for p in random.integers(150, 3000, 40)]
        for customer in range(150):
            budget = 1 + random.gamma(1.5, 2)
            day = random.uniform(0, 700)
            gap, stays = random.uniform(15, 90), random.uniform(0.6, 0.97)
            while day < 730:
                invoice += 1
                for product in random.choice(40, random.integers(1, 5), replace=False):
                    writer.writerow(
                        [
                            invoice,
                            f"P{product:03}",
                            f"THING {product}",
                            1 + random.poisson(budget),
                            f"{first + dt.timedelta(days=int(day)):%Y-%m-%d %H:%M}",
                            prices[product] * price_factor,
                            20000 + customer,
                            "France" if customer % 5 else "Spain",
                        ]
                    )
                if random.uniform() > stays:
                    break
                day += random.exponential(gap)
    return str(path)


@pytest.fixture(scope="module")
def builds(shared_build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("currencies")
    found = []
    for currency, factor in (("GBP", 1), ("IDR", TIMES)):
        log = order_log(folder / f"{currency}.csv", factor)
        build = shared_build(
            *BUILD,
            transactions_path=log,
            currency=currency,
            # What a user sets in the currency.
            campaign_contact_cost=0.5 * factor,
            **SMALL,
        )
        assert build.success, build.message
        found.append(build)
    return found


def columns(build, table):
    schema, name = table.split(".")
    return build.rows(
        "select column_name, data_type like 'DECIMAL%' or data_type in "
        "('DOUBLE', 'FLOAT') from information_schema.columns where table_schema = "
        f"'{schema}' and table_name = '{name}' order by ordinal_position"
    )


def differences(first, second, table):
    """Return what differs by more than the currency, in words."""
    known = [c for c in columns(first, table) if c[0] not in APART]
    selected = ", ".join(f'"{name}"' for name, _ in known)
    # Numbers last: they order rows alike in both, but for the last digits.
    order = ", ".join(
        f'"{name}"'
        for name, is_number in sorted(known, key=lambda column: column[1])
        if is_number or not WORDED.search(name)
    )
    sql = f"select {selected} from {table} order by {order or 1}"
    ours, theirs = first.rows(sql), second.rows(sql)
    if len(ours) != len(theirs):
        return [f"{table}: {len(ours)} and {len(theirs)} rows"]
    found = []
    for position, (name, is_number) in enumerate(known):
        pairs = [(a[position], b[position]) for a, b in zip(ours, theirs, strict=True)]
        wrong = [pair for pair in pairs if not is_same(*pair, is_number, name)]
        if wrong:
            found.append(f"{table}.{name}: {len(wrong)} rows, such as {wrong[0]}")
    return found


def is_same(ours, theirs, is_number, name):
    if ours is None or theirs is None or not is_number:
        return ours == theirs or bool(WORDED.search(name))
    ours, theirs = float(ours), float(theirs)
    return (
        ours == theirs
        or abs(ours - theirs) <= 1e-6 * abs(theirs) + 1e-9
        or abs(ours * TIMES - theirs) <= 1e-6 * abs(theirs) + ROUNDED
    )


def test_nothing_but_the_currency_differs(builds):
    first, second = builds
    found = [
        line
        for table in first.tables() + first.tables("evidence")
        for line in differences(first, second, table)
    ]
    assert not found, "\n".join(found)


def test_every_kind_of_fit_to_money_was_tried(builds):
    rows = builds[0].rows
    assert rows(
        "select bool_or(is_value_converged) from intermediate.int_order_models"
    ) == [(True,)]
    regressors = "select count(distinct model) from ml.ml_amount_backtest"
    assert rows(regressors)[0][0] >= 4
    first_orders = "select count(*) from evidence.first_order_metrics where kind = "
    assert rows(f"{first_orders} 'amount'")[0][0] > 0
    assert rows("select count(*) from marts.segment_profiles")[0][0] > 0
