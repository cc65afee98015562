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
from customer_analytics.recommendations.lists import (
    SLOTS,
    back_test,
    read_windows,
    serve,
)
from customer_analytics.recommendations.sources import (
    SOURCES,
    Sources,
    SourceSettings,
    slot_masks,
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
    eligible = np.ones(4, bool) if eligible is None else np.array(eligible)
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
        [True, True, False, False],
        [False, False, True, False],
    ]
    assert masks["discovery"].tolist() == [
        [False, False, True, False],
        [True, True, False, False],
    ]


def test_earlier_knows_nothing_of_later():
    earlier = SHOP.before(35)
    assert earlier.days_ago.tolist() == [15, 15, 5, 5, 165]
    assert earlier.order_counts().tolist() == [1, 1, 0, 1]


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


# --- A shop of two tastes that never mix: who buys even products buys them again.


def two_tastes(customers=120, periods=8):
    rng = np.random.default_rng(7)
    rows, order = [], 0
    for period in range(periods - 1, -1, -1):
        for customer in range(customers):
            days_ago = period * 90 + int(rng.integers(1, 90))
            for product in rng.choice(20, size=3, replace=False) * 2 + customer % 2:
                rows.append((customer, order, product, days_ago))
            order += 1
    columns = np.array(sorted(rows), dtype=np.int64).T
    names = ("customer_number", "order_number", "product_number", "days_ago")
    events = dict(zip(names, columns, strict=True))
    numbers = np.arange(5)
    cutoffs = {
        "cutoff_number": numbers,
        "days_ago": numbers * 90,
        "is_test": (numbers >= 1) & (numbers <= 2),
    }
    eligible = {
        "cutoff_number": np.repeat(numbers, 40),
        "product_number": np.tile(np.arange(40), 5),
    }
    later = [
        (number, c, p)
        for number in numbers[1:]
        for c, _, p, d in columns.T
        if (number - 1) * 90 < d <= number * 90
    ]
    names = ("cutoff_number", "customer_number", "product_number")
    targets = dict(zip(names, np.array(sorted(set(later))).T, strict=True))
    return events, cutoffs, eligible, targets


@pytest.fixture(scope="module")
def tested():
    return back_test(*two_tastes(), settings=SETTINGS, length=3)


def test_lists_have_no_gaps_and_no_product_twice(tested):
    lists = {}
    for key in zip(*(tested[n].tolist() for n in tested), strict=True):
        number, source, slot, customer, rank, product, *_ = key
        lists.setdefault((number, source, slot, customer), []).append((rank, product))
    assert {number for number, *_ in lists} == {1, 2}
    assert {source for _, source, *_ in lists} == {*SOURCES, "hybrid"}
    for ranked in lists.values():
        ranks, products = zip(*ranked, strict=True)
        assert ranks == tuple(range(1, len(ranks) + 1)) and len(ranks) <= 3
        assert len(set(products)) == len(products)


def test_hybrid_recommends_to_each_its_own_taste(tested):
    own = (tested["source"] == "hybrid") & (tested["slot"] == "discovery")
    same = tested["product_number"][own] % 2 == tested["customer_number"][own] % 2
    assert own.sum() > 50
    # Popularity alone would be right in half.
    assert same[tested["rank"][own] == 1].mean() > 0.8


def test_scores_fall_and_repeat(tested):
    again = back_test(*two_tastes(), settings=SETTINGS, length=3)
    for name in tested:
        assert tested[name].tolist() == again[name].tolist()
    falls = np.diff(tested["score"]) <= 1e-9
    assert (falls | (np.diff(tested["rank"]) <= 0)).all()


def test_past_lists_do_not_know_the_future(tested):
    events, *others = two_tastes()
    # What happens in the 90 days after the test date changes nothing before it.
    shuffled = dict(events)
    late = events["days_ago"] <= 90
    shuffled["product_number"] = np.where(
        late, (events["product_number"] + 2) % 40, events["product_number"]
    )
    again = back_test(shuffled, *others, settings=SETTINGS, length=3)
    for name in tested:
        assert tested[name].tolist() == again[name].tolist()


@pytest.mark.parametrize("source", ["hybrid", "popularity"])
def test_everybody_is_served(source):
    choice = dict.fromkeys(SLOTS, source)
    served = serve(*two_tastes(), choice, settings=SETTINGS, length=3)
    assert set(served["customer_number"].tolist()) == set(range(120))
    assert set(served["model"]) == {source}
    assert set(served["slot"]) == set(SLOTS)
    if source == "hybrid":
        assert ((served["score"] > 0) & (served["score"] < 1)).all()
        assert set(served["source"]) <= set(SOURCES)


def test_hybrid_that_cannot_be_learned_is_refused():
    events, cutoffs, eligible, targets = two_tastes()
    none = {name: values[:0] for name, values in targets.items()}
    with pytest.raises(ValueError, match="cannot be learned"):
        serve(
            *(events, cutoffs, eligible, none, dict.fromkeys(SLOTS, "hybrid")),
            settings=SETTINGS,
            length=3,
        )


def test_no_orders_no_lists():
    tables = [{k: v[:0] for k, v in table.items()} for table in two_tastes()]
    assert len(back_test(*tables, settings=SETTINGS, length=3)["rank"]) == 0
    choice = dict.fromkeys(SLOTS, "popularity")
    served = serve(*tables, choice, settings=SETTINGS, length=3)
    assert len(served["rank"]) == 0 and served["source"].dtype == object


def test_products_of_guests_alone_are_left_out():
    # Numbers beyond what any known customer has ordered.
    events, cutoffs, eligible, targets = two_tastes()
    eligible = {
        name: np.append(v, [0, 999][i]) for i, (name, v) in enumerate(eligible.items())
    }
    (now, *_) = read_windows(cutoffs, eligible, targets, 40)
    assert now.is_eligible.sum() == 40
