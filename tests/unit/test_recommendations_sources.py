"""Sources and their hybrid on small shops whose answer is known."""

import numpy as np
import pytest

from customer_analytics.recommendations.history import History
from customer_analytics.recommendations.hybrid import (
    FEATURES,
    Candidates,
    candidates,
    fit_slot,
)
from customer_analytics.recommendations.ranking import slot_masks
from customer_analytics.recommendations.sources import (
    SOURCES,
    Sources,
    SourceSettings,
)

SETTINGS = SourceSettings(
    recent_days=30, half_life_days=100, factors=2, neighbours=2, min_pair_count=1
)


def history(*events, products=4):
    """Make a history of (customer, order, days ago, products)."""
    rows = sorted((c, o, p, d) for c, o, d, items in events for p in items)
    columns = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    customer, order, product, days_ago = columns
    count = int(customer.max(initial=-1)) + 1
    return History(customer, product, order, days_ago, count, products)


# Customers 0 and 1 buy 0 and 1 together; 2 buys 0 alone; 3 buys 2, long ago and lately.
SHOP = history(
    (0, 1, 50, [0, 1]),
    (1, 2, 40, [0, 1]),
    (1, 3, 20, [0]),
    (2, 4, 30, [0]),
    (3, 0, 200, [2]),
    (3, 5, 10, [2, 3]),
)


def scores(shop=SHOP, eligible=None, **settings):
    if eligible is None:
        eligible = np.ones(shop.product_count, dtype=bool)
    settings = SourceSettings(**vars(SETTINGS) | settings)
    sources = Sources(shop, eligible, settings)
    return sources, sources.scores(np.arange(shop.customer_count))


def test_every_source_scores_every_product():
    _, found = scores()
    assert set(found) == set(SOURCES)
    assert {values.shape for values in found.values()} == {(4, 4)}


def test_popularity_counts_orders():
    _, found = scores()
    assert found["popularity"][0].tolist() == [4, 2, 2, 1]
    assert found["recent_popularity"][0].tolist() == [2, 0, 1, 1]


def test_personal_sources_by_hand():
    _, found = scores()
    # Half a tie-break at most for what sells now: 2 of at most 2 orders.
    assert found["personal_frequency"][1].tolist() == pytest.approx(
        [2.5, 1, 0.25, 0.25]
    )
    # Half-life 100 days, and a hundredth of the tie-break.
    expected = 0.5**0.4 + 0.5**0.2 + 0.005
    assert found["personal_decay"][1, 0] == pytest.approx(expected, rel=1e-5)


def test_rules_by_hand():
    sources, found = scores()
    # Of four baskets with product 0, two hold product 1; all with 1 hold 0.
    assert sources.confidence[0, 1] == pytest.approx(0.5)
    assert sources.confidence[1, 0] == pytest.approx(1)
    assert found["association_rules"][2].tolist() == pytest.approx([0, 0.5, 0, 0])


def test_rules_need_their_baskets():
    sources, _ = scores(min_pair_count=2)
    assert sources.confidence[0, 1] == pytest.approx(0.5)
    assert sources.confidence[2, 3] == 0


def test_item_likeness_is_the_cosine():
    _, found = scores()
    # Customer 3 has 2 and 3 alone; nobody else has either.
    assert found["item_knn"][3, :2].tolist() == [0, 0]
    assert found["item_knn"][2, 1] > 0 and found["item_knn"][2, 3] == 0


def test_ease_solves_its_equations():
    sources, _ = scores(ease_ridge=0.5)
    bought = (SHOP.matrix() > 0).toarray().astype(float)
    gram = bought.T @ bought + 2 * np.eye(4)
    inverse = np.linalg.inv(gram)
    weights = -inverse / np.diag(inverse)
    np.fill_diagonal(weights, 0)
    found = sources.scores(np.arange(4))["ease"]
    assert found == pytest.approx(bought @ weights, abs=1e-5)


def test_neighbours_are_others():
    _, found = scores(own_share=0.0, neighbours=1)
    # Nobody is like customer 3; the one most like customer 2 has bought product 0.
    assert found["tifu_knn"][3].tolist() == [0, 0, 0, 0]
    assert found["tifu_knn"][2, 0] > 0


def test_slots_split_what_may_be_recommended():
    sources, _ = scores(eligible=[True, True, True, False])
    masks = slot_masks(sources, np.array([0, 3]))
    assert masks["repeat"].tolist() == [
        [True, True, False],
        [False, False, True],
    ]
    assert masks["discovery"].tolist() == [
        [False, False, True],
        [True, True, False],
    ]


def test_earlier_knows_nothing_of_later():
    earlier = SHOP.before(35)
    assert earlier.days_ago.tolist() == [15, 15, 5, 5, 165]
    assert earlier.order_counts().tolist() == [1, 1, 0, 1]
    # Product 3 is not known yet.
    assert earlier.product_count == 3


def test_orders_since_count_back_from_the_last():
    assert SHOP.orders_since().tolist() == [0, 0, 1, 1, 0, 0, 1, 0, 0]


def test_customers_without_history_are_scored():
    _, found = scores(SHOP.before(35))
    assert all(np.isfinite(values).all() for values in found.values())


def test_hybrid_learns_which_source_is_right():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(2000, len(FEATURES)))
    truth = features[:, 2] + rng.normal(size=2000) > 1
    row = np.arange(2000)
    model = fit_slot([(Candidates(row, row, features), truth)])
    assert np.abs(model.weight).argmax() == 2
    source = FEATURES[2][0]
    clear = np.zeros((1, len(FEATURES)))
    clear[0, 2] = 5
    assert model.loudest_sources(clear, "repeat").tolist() == [source]
    assert model.loudest_sources(clear, "discovery")[0] not in {source}
    chance = model.probability(features)
    assert chance.mean() == pytest.approx(truth.mean(), abs=0.01)


def test_too_few_hits_teach_nothing():
    found = Candidates(np.arange(40), np.arange(40), np.ones((40, len(FEATURES))))
    assert fit_slot([(found, np.arange(40) < 29)]) is None
    assert fit_slot([]) is None


def test_candidates_are_what_the_slots_allow():
    sources, found = scores(eligible=[True, True, True, False])
    chosen = candidates(sources, np.arange(4), found)
    masks = slot_masks(sources, np.arange(4))
    for slot, own in chosen.items():
        assert masks[slot][own.row, own.product].all()
        assert np.isfinite(own.features).all()
        assert own.features.shape == (len(own.row), len(FEATURES))


def test_neighbours_are_drawn_where_there_are_many():
    sources, found = scores(max_neighbours=2)
    assert sources.width == 4
    assert found["tifu_knn"].shape == (4, 4)
