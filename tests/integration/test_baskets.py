"""Rules, links and stock signals of built data: computed again, planted ones found."""

import collections
import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from mlxtend.frequent_patterns import association_rules, fpgrowth
from scipy.stats import false_discovery_control, fisher_exact

from customer_analytics.baskets.graphml import write_graphs
from customer_analytics.publishing import expected_tables, publish
from customer_analytics.sample import make_sample

# What is made of baskets, and everything that is made of it.
BASKETS = ("build", "--exclude-resource-types", "test", "--select")
AREAS = ("+tag:baskets", "+tag:recommendations", "--exclude", "tag:segments")
LEAST = 30


@pytest.fixture(scope="module")
def held(sample_build):
    """Return which basket of the sample holds which product, as a frame of booleans."""
    rows = sample_build.rows(
        "select distinct order_id, product_id from marts.order_lines "
        "where line_type = 'sale' order by all"
    )
    frame = pd.DataFrame(rows, columns=["order_id", "product_id"])
    return pd.crosstab(frame["order_id"], frame["product_id"]) > 0


@pytest.fixture(scope="module")
def itemsets_of_mlxtend(held):
    return fpgrowth(held, (LEAST - 0.5) / len(held), use_colnames=True, max_len=4)


def test_itemsets_are_those_of_mlxtend(sample_build, held, itemsets_of_mlxtend):
    ours = {
        frozenset(ids.split("|")): (count, support)
        for ids, count, support in sample_build.rows(
            "select itemset_id, basket_count, support from marts.itemsets"
        )
    }
    assert ours == {
        itemset: (round(support * len(held)), pytest.approx(support, abs=1e-8))
        for support, itemset in itemsets_of_mlxtend[["support", "itemsets"]].to_numpy()
    }
    assert len(ours) > 1000


def test_rule_measures_are_those_of_mlxtend(sample_build, itemsets_of_mlxtend):
    small = itemsets_of_mlxtend[itemsets_of_mlxtend["itemsets"].map(len) <= 3]
    theirs = association_rules(small, metric="confidence", min_threshold=0.3)
    theirs = theirs[theirs["lift"] > 1]
    names = ["support", "confidence", "lift", "leverage"]
    names += ["conviction", "zhang", "jaccard"]
    ours = {
        (frozenset(a.split("|")), frozenset(c.split("|"))): values
        for a, c, *values in sample_build.rows(
            f"select antecedent_id, consequent_id, {', '.join(names)} "
            "from marts.association_rules"
        )
    }
    columns = [{"zhang": "zhangs_metric"}.get(name, name) for name in names]
    expected = {
        (rule.antecedents, rule.consequents): [
            None if np.isinf(value) else pytest.approx(value, abs=1e-8)
            for value in (getattr(rule, column) for column in columns)
        ]
        for rule in theirs.itertuples()
    }
    assert len(expected) > 100
    assert ours == expected


def test_p_values_are_those_of_scipy(sample_build, held):
    pairs = sample_build.rows(
        "select product_id_a, product_id_b, p_value, adjusted_p_value "
        "from marts.product_affinity order by all"
    )
    found = {}
    for a, b, p_value, _ in pairs:
        table = pd.crosstab(held[a], held[b]).to_numpy()
        found[a, b] = fisher_exact(table, "greater").pvalue
        assert p_value == pytest.approx(found[a, b], rel=1e-6, abs=1e-300)
    # All pairs of frequent products were tested; those not in the table count as 1.
    frequent = (held.sum() >= LEAST).sum()
    missing = frequent * (frequent - 1) // 2 - len(pairs)
    adjusted = false_discovery_control([*found.values(), *[1.0] * missing])
    assert [row[-1] for row in pairs] == pytest.approx(
        adjusted[: len(pairs)].tolist(), rel=1e-6, abs=1e-300
    )


def test_counts_before_and_after_add_up(sample_build):
    assert sample_build.rows(
        "select count(*) > 100, bool_and(abs(confidence * antecedent_basket_count "
        "- holdout_antecedent_count * coalesce(holdout_confidence, 0) "
        "- (antecedent_basket_count - holdout_antecedent_count) "
        "* coalesce(confidence_before, 0)) < 0.001) from marts.association_rules"
    ) == [(True, True)]


def test_lower_bounds_of_confidence_solve_wilsons_equation(sample_build, held):
    days = dict(
        sample_build.rows(
            "select order_id, datediff('day', ordered_date, as_of_date) "
            "from intermediate.int_baskets cross join intermediate.int_as_of_date"
        )
    )
    # As the variables say: half after 180 days, in steps of the hold-out period.
    steps = (held.index.map(days).to_numpy() - 1) // 180
    weights = np.column_stack([np.ones(len(steps)), 0.5**steps])
    rules = sample_build.rows(
        "select antecedent_id, consequent_id, confidence_low "
        "from marts.association_rules order by all"
    )
    for antecedent, consequent, low in rules[::20]:
        has_first = held[antecedent.split("|")].all(axis=1).to_numpy()
        has_both = held[consequent.split("|")].all(axis=1).to_numpy() & has_first
        count, joint = has_first @ weights, has_both @ weights
        # Of all baskets or with the old ones counting less: one holds, none is lower.
        share, z = joint / count, 1.959963985
        distance = (share - low) ** 2 - z**2 * low * (1 - low) / count
        assert np.abs(distance).min() < 1e-7
        assert (distance > -1e-7).all() and (low < share).all()


def test_planted_bundles_are_found(sample_build):
    pairs = set(
        sample_build.rows(
            "select product_id_a, product_id_b from marts.product_affinity "
            "where is_significant"
        )
    )
    confidences = dict(
        sample_build.rows(
            "select (antecedent_id, consequent_id), confidence "
            "from marts.association_rules where antecedent_size = 1"
        )
    )
    bundles = make_sample().bundle_truth.values()
    assert len(bundles) > 10
    for bundle in bundles:
        lead, *others = bundle["codes"]
        for other in others:
            assert tuple(sorted((lead, other))) in pairs
            # The lead is bought outside of its bundle as well.
            assert 0.3 < confidences[lead, other] < bundle["strength"] + 0.1


# --- Baskets of which everything is known: three bundles among products at random.


@pytest.fixture(scope="module")
def random_shop(tmp_path_factory, shared_build):
    rng = np.random.default_rng(11)
    path = tmp_path_factory.mktemp("random") / "orders.csv"
    bundles = [(100, 101), (102, 103), (104, 105)]
    with path.open("w") as file:
        file.write("Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n")
        for order in range(3000):
            items = set(rng.choice(60, size=rng.integers(1, 9), replace=False).tolist())
            for first, second in bundles:
                if rng.random() < 0.05:
                    items |= {first, second} if rng.random() < 0.7 else {first}
            day = np.datetime64("2023-01-01") + order // 5
            customer = rng.integers(1, 301)
            for item in sorted(items):
                file.write(f"{order},{item:05d},1,{day} 10:00,2.50,{customer}\n")
    build = shared_build(
        *BASKETS,
        *AREAS,
        transactions_path=str(path),
        basket_min_count=5,
        basket_min_confidence=0,
        basket_max_rule_size=2,
    )
    assert build.success, build.message
    return build, {(f"{a:05d}", f"{b:05d}") for a, b in bundles}


def test_random_pairs_are_not_taken_for_discoveries(random_shop):
    build, bundles = random_shop
    found = set(
        build.rows(
            "select product_id_a, product_id_b from marts.product_affinity "
            "where is_significant"
        )
    )
    ((tested,),) = build.rows("select count(*) from marts.product_affinity")
    assert tested > 1500
    assert bundles <= found
    # Five in a hundred at most, over many shops; here one is the rounding of that.
    assert len(found - bundles) <= 1


def test_gaps_are_what_a_customer_never_bought(random_shop):
    build, bundles = random_shop
    bought = collections.defaultdict(set)
    for customer, product in build.rows(
        "select distinct customer_id, product_id from marts.order_lines"
    ):
        bought[customer].add(product)
    gaps = build.rows(
        "select customer_id, product_id, rule_id from marts.cross_sell_gaps"
    )
    both = {(a, b) for a, b in bundles} | {(b, a) for a, b in bundles}
    for customer, product, rule in gaps:
        antecedent, consequent = rule.split("=>")
        assert consequent == product not in bought[customer]
        assert set(antecedent.split("|")) <= bought[customer]
    expected = {
        (customer, b)
        for customer, (a, b) in itertools.product(bought, both)
        if a in bought[customer] and b not in bought[customer]
    }
    assert expected and expected <= {
        (customer, product) for customer, product, _ in gaps
    }


# --- Networks and stock.


def test_network_is_that_of_its_links(sample_build):
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        sample_build.rows(
            "select product_id_a, product_id_b, jaccard from marts.product_affinity "
            "where is_in_network"
        )
    )
    found = {
        product: (degree, rank)
        for product, degree, rank in sample_build.rows(
            "select product_id, degree, pagerank from marts.product_network"
        )
    }
    ranks = nx.pagerank(graph, tol=1e-10, max_iter=1000)
    assert found == {
        node: (graph.degree(node), pytest.approx(ranks[node], abs=1e-7))
        for node in graph
    }
    assert len(found) > 50


def test_bundles_stay_within_a_community(sample_build):
    community = dict(
        sample_build.rows("select product_id, community_id from marts.product_network")
    )
    together = [
        len({community.get(code) for code in bundle["codes"]}) == 1
        for bundle in make_sample().bundle_truth.values()
    ]
    assert np.mean(together) > 0.9


def test_graphs_of_a_published_build(sample_build, tmp_path):
    expected = expected_tables(sample_build.warehouse / "target")
    path = publish(sample_build.warehouse / "build.duckdb", tmp_path, expected)
    products, customers = write_graphs(path, tmp_path)
    ((nodes, links),) = sample_build.rows(
        "select (select count(*) from marts.product_network), "
        "(select count(*) from marts.product_affinity where is_in_network)"
    )
    graph = nx.read_graphml(products)
    assert (len(graph), graph.number_of_edges()) == (nodes, links)
    assert customers.exists()


def test_slow_movers_are_those_of_the_signals(sample_build):
    assert sample_build.rows(
        "select count(*) > 0, bool_and(is_slow_mover = (product_id in "
        "(select product_id from marts.inventory_signals "
        "where signal = 'slow_moving'))) "
        "from marts.products"
    ) == [(True, True)]


def test_signals_of_a_product_do_not_contradict_each_other(sample_build):
    contradicting = [("falling", "rising"), ("rising", "slow_moving")]
    pairs = sample_build.rows(
        "select distinct one.signal, other.signal "
        "from marts.inventory_signals as one "
        "inner join marts.inventory_signals as other using (product_id) "
        "where one.signal < other.signal"
    )
    assert pairs
    assert not set(contradicting) & set(pairs)
    assert not [pair for pair in pairs if "delisted_or_dead" in pair]


def test_what_rises_sells_more_than_in_the_same_days_of_last_year(sample_build):
    rising, known, more = sample_build.rows(
        "with sold as (select product_id, "
        "sum(quantity - matched_return_quantity) filter ("
        "where ordered_at::date between as_of_date - 90 and as_of_date - 1) "
        "as units_now, "
        "coalesce(sum(quantity - matched_return_quantity) filter ("
        "where ordered_at::date between as_of_date - 455 and as_of_date - 366), 0) "
        "as units_then, min(ordered_at::date) <= as_of_date - 455 as is_old "
        "from marts.order_lines, marts.data_span "
        "where line_type = 'sale' group by product_id, as_of_date) "
        "select count(*), count(*) filter (is_old and units_then > 0), "
        "count(*) filter (is_old and units_then > 0 and units_now >= 1.5 * units_then) "
        "from sold inner join marts.inventory_signals using (product_id) "
        "where signal = 'rising'"
    )[0]
    assert rising >= known == more > 0


def test_seasonal_products_leave_their_season(sample_build):
    season = dict(
        zip(
            make_sample().product_truth["stock_code"].tolist(),
            make_sample().product_truth["season"].tolist(),
            strict=True,
        )
    )
    found = [
        season[product]
        for (product,) in sample_build.rows(
            "select product_id from marts.inventory_signals "
            "where signal = 'out_of_season'"
        )
    ]
    # A quarter of all products is seasonal.
    assert len(found) > 5
    assert np.mean([name in ("christmas", "summer") for name in found]) > 0.8


# --- Shops in which there is nothing to find.

HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID\n"


def giant_basket():
    rows = [f"1,{10000 + i},1,2011-01-05 10:00,1.00,7\n" for i in range(5000)]
    for order in range(2, 42):
        rows += [
            f"{order},{i},1,2011-02-0{order % 9 + 1} 10:00,2.00,8\n" for i in (1, 2)
        ]
    return rows


@pytest.mark.parametrize(
    ("rows", "status", "served"),
    [
        pytest.param(
            ["1,10001,2,2011-01-05 10:00,1.50,7\n"],
            "not enough data: needs 30 baskets with products, has 1",
            1,
            id="one_line",
        ),
        pytest.param(
            [
                f"{i},10001,2,2011-01-{i % 28 + 1:02d} 10:00,1.50,{i % 9 + 1}\n"
                for i in range(60)
            ],
            "no itemset of this size is in 30 baskets or more",
            9,
            id="one_product",
        ),
        pytest.param(giant_basket(), "ready", 2, id="one_giant_basket"),
    ],
)
def test_poor_shops_end_in_a_clear_state(build, tmp_path, rows, status, served):
    path = tmp_path / "orders.csv"
    path.write_text(HEADER + "".join(rows))
    built = build(path, *BASKETS, *AREAS)
    assert built.success, built.message
    assert built.rows(
        "select status from evidence.basket_mining where itemset_size = 2"
    ) == [(status,)]
    ((customers, told),) = built.rows(
        "select count(distinct customer_id), min(status) "
        "from marts.customer_recommendations"
    )
    assert customers == served
    assert told.startswith("not enough data: needs 100 customers who came back")


def test_log_without_products_ends_in_a_clear_state(build, tmp_path):
    path = tmp_path / "orders.csv"
    days = [f"{i % 9 + 1},2011-01-{i % 28 + 1:02d},12.50\n" for i in range(60)]
    path.write_text("Customer ID,InvoiceDate,Amount\n" + "".join(days))
    built = build(path, *BASKETS, *AREAS)
    assert built.success, built.message
    assert built.rows("select distinct status from evidence.basket_mining") == [
        ("not enough data: needs 30 baskets with products, has 0",)
    ]
    tables = ["itemsets", "association_rules", "cross_sell_gaps", "product_affinity"]
    tables += ["product_network", "customer_recommendations", "popular_products"]
    for table in [*tables, "inventory_signals"]:
        assert built.rows(f"select count(*) from marts.{table}") == [(0,)]
