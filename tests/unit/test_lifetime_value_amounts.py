"""Regressors of amounts: they learn, repeat themselves, and refuse too little."""

import duckdb
import numpy as np
import pytest

from customer_analytics import memory
from customer_analytics.lifetime_value.amounts import (
    backtest,
    forecast,
    importances,
    normalised_gini,
    served_regressors,
)
from customer_analytics.lifetime_value.regressors import REGRESSORS, fit_regressor


def planted(count=3000, seed=0):
    """Return features of which the first says who buys and the second how much."""
    draws = np.random.default_rng(seed)
    features = draws.gamma(1.0, 50.0, (count, 4)).astype(np.float32)
    features[draws.random((count, 4)) < 0.05] = np.nan
    known = np.nan_to_num(features, nan=50.0)
    buys = draws.random(count) < known[:, 0] / (known[:, 0] + 50)
    amounts = known[:, 1] * draws.gamma(4.0, 0.25, count) * buys
    return features, amounts.astype(float)


@pytest.mark.parametrize("name", REGRESSORS)
def test_planted_amounts_are_learned(name):
    predict = fit_regressor(name, *planted(), seed=1)
    features, amounts = planted(seed=9)
    found = predict(features)
    assert found.dtype == float and np.isfinite(found).all() and (found >= 0).all()
    assert normalised_gini(amounts, found) > 0.4
    assert found.sum() == pytest.approx(amounts.sum(), rel=0.12)
    # Half the variance is chance: more would be a leak.
    assert np.corrcoef(found, amounts)[0, 1] ** 2 < 0.75


@pytest.mark.parametrize("buys", [True, False])
@pytest.mark.parametrize("name", REGRESSORS)
def test_stored_regressors_predict_as_fresh_ones(name, buys):
    features, amounts = planted()
    fresh = fit_regressor(name, features, amounts + 1 if buys else amounts, seed=1)
    packed = memory._packed(fresh)
    assert not memory._strange_types(packed)
    stored = memory._unpacked(packed)
    np.testing.assert_allclose(stored(features), fresh(features), rtol=1e-9)


@pytest.mark.parametrize("name", REGRESSORS)
def test_same_rows_and_seed_give_the_same_predictions(name):
    features, amounts = planted(600)
    first = fit_regressor(name, features, amounts, seed=1)(features)
    assert (fit_regressor(name, features, amounts, seed=1)(features) == first).all()


@pytest.mark.parametrize("name", REGRESSORS)
def test_currency_does_not_matter(name):
    features, amounts = planted(600)
    first = fit_regressor(name, features, amounts, seed=1)(features)
    dearer = fit_regressor(name, features, amounts * 64, seed=1)(features)
    assert dearer == pytest.approx(first * 64, rel=0.02)


@pytest.mark.parametrize("name", REGRESSORS)
def test_everybody_buys_and_constant_features_are_no_trouble(name):
    features = np.ones((300, 3), dtype=np.float32)
    features[:, 1] = np.nan
    found = fit_regressor(name, features, np.full(300, 20.0), seed=1)(features)
    assert found == pytest.approx(np.full(300, 20.0), rel=0.02)


@pytest.mark.parametrize(("rows", "buyers"), [(199, 199), (1000, 49), (0, 0)])
def test_too_little_is_refused(rows, buyers):
    amounts = np.zeros(rows)
    amounts[:buyers] = 10
    with pytest.raises(ValueError, match="needs 200 rows, 50 with an amount"):
        fit_regressor("linear", np.ones((rows, 2)), amounts, seed=1)


def test_gini_is_that_of_the_concentration_curves():
    draws = np.random.default_rng(2)
    actual, predicted = draws.gamma(0.5, 10, 500), draws.random(500)

    def area(by):
        shares = np.cumsum(actual[np.argsort(-by)]) / actual.sum()
        return shares.sum() - (len(actual) + 1) / 2

    assert normalised_gini(actual, predicted) == pytest.approx(
        area(predicted) / area(actual)
    )
    assert normalised_gini(actual, actual) == 1
    assert normalised_gini(actual, -actual) == pytest.approx(-1)
    assert normalised_gini(actual, np.ones(500)) == 0


@pytest.fixture
def tables():
    """Return a connection with training rows of one cut-off and customers to score."""
    connection = duckdb.connect()
    features, amounts = planted(1200)
    columns = {f"f{i}": features[:, i] for i in range(4)}
    rows = np.arange(1, 1201)
    connection.register("source", columns | {"amount": amounts, "row_number": rows})
    connection.execute(
        "create table training as select '2024-01-01' as cutoff_date, "
        "90::bigint as horizon_days, * from source union all "
        "select '2023-01-01', 90, * from source where row_number < 100"
    )
    connection.execute(
        "create table scored as select '2024-01-01' as cutoff_date, "
        "90::bigint as horizon_days, row_number as customer_number, "
        "amount as actual_amount, * exclude (amount, row_number) from source"
    )
    yield connection
    connection.close()


def test_backtest_predicts_with_every_regressor_where_there_is_enough(tables):
    lines = []
    found = backtest(
        tables.table("training"), tables.table("scored"), seed=1, report=lines.append
    )
    assert sorted(set(found["model"])) == sorted(REGRESSORS)
    assert set(found["cutoff_date"]) == {"2024-01-01"}
    assert len(found["model"]) == 5 * 1200
    assert set(found["training_count"]) == {1200}
    assert lines[0] == "regressors at 2023-01-01, 90 days: not enough data"


def test_backtest_without_rows_keeps_its_types(tables):
    found = backtest(
        tables.table("training").filter("false"), tables.table("scored"), seed=1
    )
    assert {name: values.dtype.kind for name, values in found.items()} == {
        **{"cutoff_date": "O", "horizon_days": "i", "model": "O"},
        **{"customer_number": "i", "predicted_amount": "f", "training_count": "i"},
    }


def test_forecast_in_blocks_is_the_backtest_of_today(tables, monkeypatch):
    monkeypatch.setattr("customer_analytics.lifetime_value.amounts.BLOCK_SIZE", 500)
    today = tables.table("training").filter("cutoff_date = '2024-01-01'")
    scored = tables.table("scored").project(
        "cutoff_date, customer_number, f0, f1, f2, f3"
    )
    result = forecast(
        tables, scored, served_regressors(today, [(90, "xgboost")], seed=1)
    )
    served = dict(result.project("customer_number, predicted_amount").fetchall())
    tried = backtest(today, tables.table("scored"), seed=1)
    is_boosted = tried["model"] == "xgboost"
    assert len(served) == 1200
    assert served == dict(
        zip(
            tried["customer_number"][is_boosted].tolist(),
            tried["predicted_amount"][is_boosted].tolist(),
            strict=True,
        )
    )


def test_forecast_of_nothing_is_an_empty_table(tables):
    scored = tables.table("scored").project(
        "cutoff_date, customer_number, f0, f1, f2, f3"
    )
    result = forecast(
        tables, scored, served_regressors(tables.table("training"), [], seed=1)
    )
    assert result.fetchall() == []


def test_features_that_say_nothing_are_worth_nothing(tables):
    features, amounts = planted(2000, seed=5)
    columns = {f"f{i}": features[:, i] for i in range(4)}
    tables.register("others", columns | {"actual_amount": amounts})
    held_out = tables.sql(
        "select '2024-01-01' as cutoff_date, 90 as horizon_days, "
        "row_number() over () as customer_number, * from others"
    )
    found = importances(
        tables.table("training"),
        held_out,
        models=["random_forest"],
        repeats=3,
        seed=1,
    )
    worth = dict(zip(found["feature"], found["importance"], strict=True))
    assert min(worth["f0"], worth["f1"]) > 0.05
    assert max(abs(worth["f2"]), abs(worth["f3"])) < 0.03
