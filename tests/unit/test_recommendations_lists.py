"""Lists for a shop of two tastes that never mix: even and odd products."""

import numpy as np
import pytest

from customer_analytics import memory
from customer_analytics.memory import fingerprint
from customer_analytics.recommendations import lists
from customer_analytics.recommendations.hybrid import SLOTS
from customer_analytics.recommendations.ranking import below
from customer_analytics.recommendations.sources import SOURCES, SourceSettings, teach
from customer_analytics.recommendations.windows import Dates, read_history

SETTINGS = SourceSettings(
    recent_days=30, half_life_days=100, factors=2, neighbours=2, min_pair_count=1
)


def back_test(*tables, **more):
    dates = Dates(*tables, settings=SETTINGS, horizon_days=90)
    return lists.back_test(dates, length=3, **more)


def serve(*tables, choice, **more):
    served = served_sources(*tables, choice=choice, **more)
    return lists_of(*tables[:2], served)


def served_sources(*tables, choice, **more):
    dates = Dates(*tables, settings=SETTINGS, horizon_days=90)
    return lists.served_sources(dates, choice, **more)


def lists_of(events, cutoffs, served):
    now = cutoffs["days_ago"][cutoffs["cutoff_number"] == 0]
    return below(list(lists.serve(events, now, served, length=3)))


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
    # -1 is the learning date, which is the as-of date (0) here.
    numbers = np.array([0, -1, 1, 2, 3, 4])
    cutoffs = {
        "cutoff_number": numbers,
        "cutoff_date": np.datetime64("2011-12-01") - np.maximum(numbers, 0) * 90,
        "days_ago": np.maximum(numbers, 0) * 90,
        "is_test": (numbers >= 1) & (numbers <= 2),
    }
    eligible = {
        "cutoff_number": np.repeat(numbers, 40),
        "product_number": np.tile(np.arange(40), len(numbers)),
    }
    later = [
        (number, c, p)
        for number in range(1, 5)
        for c, _, p, d in columns.T
        if (number - 1) * 90 < d <= number * 90
    ]
    names = ("cutoff_number", "customer_number", "product_number")
    targets = dict(zip(names, np.array(sorted(set(later))).T, strict=True))
    return events, cutoffs, eligible, targets


@pytest.fixture(scope="module")
def tested():
    return back_test(*two_tastes())


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
    again = back_test(*two_tastes())
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
    again = back_test(shuffled, *others)
    for name in tested:
        assert tested[name].tolist() == again[name].tolist()


@pytest.mark.parametrize("source", ["hybrid", "popularity"])
def test_one_customer_is_served_as_among_all(source):
    events, cutoffs, *others = two_tastes()
    choice = dict.fromkeys(SLOTS, source)
    everybody = serve(events, cutoffs, *others, choice=choice)
    served = served_sources(events, cutoffs, *others, choice=choice)
    own = {
        name: values[events["customer_number"] == 7] for name, values in events.items()
    }
    found = lists_of(own, cutoffs, served)
    is_own = everybody["customer_number"] == 7
    assert found["rank"].size
    for name, values in found.items():
        assert values.tolist() == everybody[name][is_own].tolist()


@pytest.mark.parametrize("source", ["hybrid", "popularity"])
def test_everybody_is_served(source):
    choice = dict.fromkeys(SLOTS, source)
    served = serve(*two_tastes(), choice=choice)
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
        serve(*(events, cutoffs, eligible, none), choice=dict.fromkeys(SLOTS, "hybrid"))


def test_no_orders_no_lists():
    tables = [{k: v[:0] for k, v in table.items()} for table in two_tastes()]
    assert len(back_test(*tables)["rank"]) == 0
    choice = dict.fromkeys(SLOTS, "popularity")
    served = serve(*tables, choice=choice)
    assert len(served["rank"]) == 0 and served["source"].dtype == object


def test_products_of_guests_alone_are_left_out():
    # Numbers beyond what any known customer has ordered.
    events, cutoffs, eligible, targets = two_tastes()
    eligible = {
        name: np.append(v, [0, 999][i]) for i, (name, v) in enumerate(eligible.items())
    }
    dates = Dates(
        *(events, cutoffs, eligible, targets), settings=SETTINGS, horizon_days=90
    )
    assert dates.window(0).is_eligible.sum() == 40


def test_what_is_learned_does_not_know_what_came_since():
    events, cutoffs, eligible, targets = two_tastes()
    # Nine days since the learning date, with a new customer and a new product.
    later = [(0, 9000, 0, -3), (120, 9001, 1, -2), (120, 9001, 40, -2)]
    names = ("customer_number", "order_number", "product_number", "days_ago")
    columns = zip(names, np.array(later).T, strict=True)
    since = {name: np.append(events[name], own) for name, own in columns}
    order = np.lexsort((since["order_number"], since["customer_number"]))
    since = {name: values[order] for name, values in since.items()}
    moved = cutoffs | {
        "days_ago": np.where(cutoffs["cutoff_number"] == 0, -9, cutoffs["days_ago"])
    }
    learned = []

    def remember(unit, function, *arguments):
        learned.append((unit, fingerprint(function, arguments)))
        return function(*arguments)

    found = [
        serve(
            *(log, dates, eligible, targets),
            choice=dict.fromkeys(SLOTS, "hybrid"),
            remember=remember,
        )
        for log, dates in ((events, cutoffs), (since, moved))
    ]
    assert learned[:2] == learned[2:]
    # Whoever is new is served all the same, and nothing new is known of yet.
    assert set(found[1]["customer_number"].tolist()) == set(range(121))
    assert 40 not in found[1]["product_number"]


def test_a_later_date_leaves_those_before_it_as_they_are():
    # The whole log, and the same as it stood ninety days ago.
    events, cutoffs, eligible, targets = two_tastes()
    known = events["days_ago"] > 90
    before = {name: values[known] for name, values in events.items()}
    before["days_ago"] = before["days_ago"] - 90
    is_past = cutoffs["cutoff_number"] < 4
    cut = {
        "cutoff_number": cutoffs["cutoff_number"][is_past],
        "cutoff_date": np.where(
            cutoffs["cutoff_number"] > 0,
            cutoffs["cutoff_date"] - 90,
            cutoffs["cutoff_date"],
        )[is_past],
        "days_ago": cutoffs["days_ago"][is_past],
        "is_test": cutoffs["is_test"][is_past],
    }
    then = {
        name: values[targets["cutoff_number"] > 1] for name, values in targets.items()
    }
    then["cutoff_number"] = then["cutoff_number"] - 1
    memory, learned = {}, []

    def remember(unit, function, *arguments, **settings):
        key = fingerprint(function, (*arguments, settings))
        if key not in memory:
            learned.append(unit)
            memory[key] = function(*arguments, **settings)
        return memory[key]

    told = {"remember": remember, "remember_weights": remember}
    earlier = back_test(before, cut, eligible, then, **told)
    assert len(learned) == 5
    learned.clear()
    later = back_test(events, cutoffs, eligible, targets, **told)
    assert learned == [
        "lists at 2011-09-02",
        "weights taught at 2011-06-04 and 2011-09-02",
    ]
    then, now = earlier["cutoff_number"] == 1, later["cutoff_number"] == 2
    for name in later.keys() - {"cutoff_number"}:
        assert later[name][now].tolist() == earlier[name][then].tolist()


def test_what_is_taught_holds_among_more_products():
    events, _, eligible, _ = two_tastes()
    past = read_history(events).before(0)
    taught = teach(past, np.ones(40, dtype=bool), SETTINGS)
    wider = taught.among(45)
    assert wider.likeness.shape == wider.confidence.shape == (45, 45)
    assert wider.factors.shape == (45, 2)
    assert (wider.likeness[:40, :40] != taught.likeness).nnz == 0
    stored = memory._unpacked(memory._packed(taught))
    assert (stored.own != taught.own).nnz == 0
    np.testing.assert_array_equal(stored.ease, taught.ease)
