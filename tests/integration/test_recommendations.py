"""Recommendations of built data: judged again, and fit to be shown."""

import collections

import numpy as np
import pytest
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import ndcg_score


@pytest.fixture(scope="module")
def lists(sample_build):
    """Return products by (cut-off, source, slot, customer), and what was bought."""
    ranked = collections.defaultdict(list)
    for *key, _, product in sample_build.rows(
        "select cutoff_number, source, slot, customer_number, rank, product_number "
        "from ml.ml_recommender_lists where source in ('hybrid', 'popularity') "
        "and cutoff_number <= 2 "
        "order by cutoff_number, source, slot, customer_number, rank"
    ):
        ranked[tuple(key)].append(product)
    wanted = collections.defaultdict(set)
    for number, customer, product, is_repeat in sample_build.rows(
        "select * from intermediate.int_recommendation_targets"
    ):
        wanted[number, "total", customer].add(product)
        wanted[number, "repeat" if is_repeat else "discovery", customer].add(product)
    return ranked, wanted


@pytest.mark.parametrize("slot", ["repeat", "discovery", "total"])
@pytest.mark.parametrize("source", ["hybrid", "popularity"])
def test_measures_are_those_of_a_second_computation(sample_build, lists, source, slot):
    ranked, wanted = lists
    for number in (1, 2):
        recalls, gains, hits = [], [], []
        for (own, kind, customer), products in wanted.items():
            if (own, kind) != (number, slot):
                continue
            shown = ranked[number, source, slot, customer][:10]
            true = [product in products for product in shown]
            recalls.append(sum(true) / len(products))
            hits.append(any(true))
            # scikit-learn wants all products scored: the others after those shown.
            missed = len(products) - sum(true)
            relevance = [*true, *[False] * (10 - len(true)), *[True] * missed, False]
            gains.append(
                ndcg_score([relevance], [np.arange(len(relevance), 0, -1)], k=10)
            )
        ((n, recall, ndcg, hit_rate),) = sample_build.rows(
            "select n, recall, ndcg, hit_rate from evidence.recommender_metrics "
            "inner join intermediate.int_recommendation_cutoffs using (cutoff_date) "
            f"where source = '{source}' and slot = '{slot}' and k = 10 "
            f"and cutoff_number = {number}"
        )
        assert n == len(recalls) > 100
        assert recall == pytest.approx(np.mean(recalls), abs=1e-8)
        assert ndcg == pytest.approx(np.mean(gains), abs=1e-8)
        assert hit_rate == pytest.approx(np.mean(hits), abs=1e-8)


def test_every_source_is_judged_at_four_dates(sample_build):
    assert sample_build.rows(
        "select distinct dates, sources from (select slot, k, "
        "count(distinct cutoff_date) as dates, count(distinct source) as sources "
        "from evidence.recommender_metrics group by slot, k)"
    ) == [(4, 10)]


def test_the_best_is_served(sample_build):
    best = dict(
        sample_build.rows(
            "select slot, arg_max(source, ndcg) from evidence.recommender_metrics "
            "where k = 10 and cutoff_date is null and slot <> 'total' group by slot"
        )
    )
    served = sample_build.rows(
        "select distinct slot, model_name from marts.customer_recommendations"
    )
    assert dict(served) == best and len(served) == 2


def test_scores_are_calibrated_as_a_second_method_does(sample_build):
    # Calibrated anew by scikit-learn, on the dates before alone.
    lists = sample_build.rows(
        "select slot, cutoff_number, strength, is_hit, chance "
        "from intermediate.int_recommendation_chances where cutoff_number > 0"
    )
    for slot in ("repeat", "discovery"):
        for number in (1, 2, 3):
            earlier = [row[2:4] for row in lists if row[0] == slot and row[1] > number]
            own = [row[2:] for row in lists if row[:2] == (slot, number)]
            signal, is_hit, chance = np.array(own, dtype=float).T
            model = IsotonicRegression(out_of_bounds="clip").fit(
                *np.array(earlier, dtype=float).T
            )
            assert chance == pytest.approx(model.predict(signal), abs=0.1)
            assert np.mean(chance) == pytest.approx(
                np.mean(model.predict(signal)), abs=0.02
            )
            ((score, hit_share),) = sample_build.rows(
                "select score, hit_share from evidence.recommender_calibration inner "
                "join intermediate.int_recommendation_cutoffs using (cutoff_date) "
                f"where slot = '{slot}' and cutoff_number = {number} and bin is null"
            )
            assert score == pytest.approx(np.mean(chance), abs=1e-8)
            assert hit_share == pytest.approx(np.mean(is_hit), abs=1e-8)


def test_overall_rank_follows_the_chance(sample_build):
    assert sample_build.rows(
        "select count(*) > 1000, bool_and(score between 0 and 1), "
        "count(*) filter (where score > previous + 1e-12) from (select *, lag(score) "
        "over (partition by customer_id order by overall_rank) as previous "
        "from marts.customer_recommendations)"
    ) == [(True, True, 0)]


def test_sources_beat_what_knows_nothing(sample_build):
    measures = {
        (source, slot): ndcg
        for source, slot, ndcg in sample_build.rows(
            "select source, slot, ndcg from evidence.recommender_metrics "
            "where k = 10 and cutoff_date is null"
        )
    }
    assert measures["hybrid", "total"] > 1.5 * measures["popularity", "total"]
    assert measures["hybrid", "repeat"] > 1.3 * measures["popularity", "repeat"]


def test_everybody_has_both_slots_as_promised(sample_build):
    assert sample_build.rows(
        "select (select count(*) from marts.customers) = count(distinct customer_id), "
        "bool_and(rank <= 10), count(reason_text) = count(*) "
        "from marts.customer_recommendations"
    ) == [(True, True, True)]
    assert sample_build.rows(
        "select distinct count(*) from marts.customer_recommendations "
        "where slot = 'discovery' group by customer_id"
    ) == [(10,)]
    # What was bought before is in the one slot and never in the other.
    assert sample_build.rows(
        "select slot, bool_and(recommended.product_id in (select product_id "
        "from marts.order_lines as lines "
        "where lines.customer_id = recommended.customer_id and line_type = 'sale')), "
        "bool_or(recommended.product_id in (select product_id "
        "from marts.order_lines as lines "
        "where lines.customer_id = recommended.customer_id and line_type = 'sale')) "
        "from marts.customer_recommendations as recommended group by slot order by slot"
    ) == [("discovery", False, False), ("repeat", True, True)]


@pytest.mark.parametrize("table", ["customer_recommendations", "popular_products"])
def test_nothing_discontinued_is_recommended(sample_build, table):
    assert sample_build.rows(
        "select max(days_since_last_sale) <= 60, count(*) > 0 "
        f"from marts.{table} inner join marts.products using (product_id)"
    ) == [(True, True)]


@pytest.mark.parametrize("table", ["customer_recommendations", "popular_products"])
def test_nothing_often_sent_back_is_recommended(online_retail_build, table):
    # No product of the sample comes back that often.
    assert online_retail_build.rows(
        "with shares as (select product_id, count(*) filter (where line_type = "
        "'return') / count(*) filter (where line_type = 'sale') as return_share "
        "from marts.order_lines group by product_id) "
        "select bool_or(return_share > 0.2 and product_id in "
        f"(select product_id from marts.{table})), "
        "count(*) filter (where return_share > 0.2) > 0 from shares"
    ) == [(False, True)]


def test_every_country_has_its_popular_products(sample_build):
    countries = sample_build.rows(
        "select country, count(*), min(rank), max(rank) from marts.popular_products "
        "group by country"
    )
    assert {row[1:] for row in countries} == {(10, 1, 10)}
    ((known,),) = sample_build.rows("select count(distinct country) from marts.orders")
    assert len(countries) == known + 1


def test_runs_have_learned_nothing_from_the_future(sample_build):
    assert sample_build.rows(
        "select count(*) > 100, count(*) = count(distinct model_run_id), "
        "bool_and(last_training_date < cutoff_date), "
        "bool_and(coalesce(last_outcome_date, cutoff_date) <= cutoff_date) "
        "from intermediate.int_recommendations_model_runs"
    ) == [(True, True, True, True)]
    assert sample_build.rows(
        "select count(*) from marts.customer_recommendations where model_run_id not in "
        "(select model_run_id from intermediate.int_recommendations_model_runs "
        "where is_serving)"
    ) == [(0,)]
