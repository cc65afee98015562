"""Segments of built data: judged as scikit-learn judges, named, and kept over time."""

import collections

import duckdb
import numpy as np
import pandas as pd
import pytest
from conftest import REAL_DATA, ROOT
from sklearn import metrics

from customer_analytics.sample import make_sample

# And the tests of what is built alone.
AREA = ("--select", "+tag:segments", "--indirect-selection", "cautious")
BUILD = ("build", *AREA)
# A few quick solutions, where a test is not about the choice among them.
FEW = {
    "segment_cluster_counts": [3, 4],
    "segment_bootstrap_count": 2,
    "segment_bootstrap_size": 500,
    "segment_eps_factors": [1.0],
    "segment_min_cluster_shares": [0.05],
    "segment_history_months": 3,
}
CHOSEN = """
    select customer_id, segment_id, segment_name from marts.customer_segments
    where feature_set = '{}' and is_chosen
"""


@pytest.fixture(scope="module")
def fits(sample_build):
    """Return points, evaluated points and labels of every solution of the sample."""
    points = collections.defaultdict(list)
    for feature_set, is_evaluated, vector in sample_build.rows(
        "select feature_set, is_evaluated, vector from intermediate.int_segment_sample "
        "where snapshot_number = 0 order by feature_set, sample_number"
    ):
        points[feature_set].append((is_evaluated, vector))
    labels = collections.defaultdict(list)
    for *solution, label in sample_build.rows(
        "select feature_set, algorithm, parameter, label from ml.ml_cluster_labels "
        "where run = 'fit' order by solution_number, sample_number"
    ):
        labels[tuple(solution)].append(label)
    return {
        solution: (
            np.array([vector for _, vector in points[solution[0]]]),
            np.array([is_evaluated for is_evaluated, _ in points[solution[0]]]),
            np.array(own_labels),
        )
        for solution, own_labels in labels.items()
    }


def measured(build, column):
    rows = build.rows(
        f"select feature_set, algorithm, parameter, {column} "
        "from evidence.cluster_selection where algorithm <> 'none'"
    )
    return {tuple(solution): value for *solution, value in rows}


@pytest.mark.parametrize(
    ("column", "score"),
    [
        ("silhouette", metrics.silhouette_score),
        ("calinski_harabasz", metrics.calinski_harabasz_score),
        ("davies_bouldin", metrics.davies_bouldin_score),
    ],
)
def test_measures_are_those_of_scikit_learn(sample_build, fits, column, score):
    found = measured(sample_build, column)
    assert len(found) == len(fits) > 100
    for solution, (points, is_evaluated, labels) in fits.items():
        clustered = labels >= 0
        if column == "silhouette":
            clustered &= is_evaluated
        if len(np.unique(labels[clustered])) < 2:
            assert found[solution] is None
        else:
            expected = score(points[clustered], labels[clustered])
            assert found[solution] == pytest.approx(expected, rel=1e-6), solution


def test_inertia_is_the_distance_from_the_means(sample_build, fits):
    found = measured(sample_build, "inertia")
    for solution, (points, _, labels) in fits.items():
        expected = sum(
            (
                (points[labels == label] - points[labels == label].mean(axis=0)) ** 2
            ).sum()
            for label in np.unique(labels[labels >= 0])
        )
        assert (found[solution] or 0) == pytest.approx(expected, rel=1e-6)


def test_stability_is_scikit_learns_adjusted_rand_index(sample_build):
    pairs = collections.defaultdict(lambda: ([], []))
    for *run, fit, refit in sample_build.rows(
        "select solution_number, refits.run_number, fits.label, refits.label "
        "from ml.ml_cluster_labels as refits "
        "inner join ml.ml_cluster_labels as fits "
        "using (solution_number, sample_number) "
        "where refits.run = 'bootstrap' and fits.run = 'fit' "
        "and solution_number % 4 = 0"
    ):
        pairs[tuple(run)][0].append(fit)
        pairs[tuple(run)][1].append(refit)
    expected = collections.defaultdict(list)
    for (solution, _), (fit, refit) in pairs.items():
        expected[solution].append(metrics.adjusted_rand_score(fit, refit))
    found = dict(
        sample_build.rows(
            "select solution_number, bootstrap_ari "
            "from intermediate.int_cluster_stability "
            "where solution_number % 4 = 0 and bootstrap_ari is not null"
        )
    )
    assert len(found) > 10
    assert found == {
        solution: pytest.approx(np.mean(values), abs=1e-8)
        for solution, values in expected.items()
    }


def test_planted_groups_are_found(sample_build):
    truth = make_sample().customer_truth
    groups = dict(zip(map(str, truth["customer_id"]), truth["group"], strict=True))
    rows = sample_build.rows(CHOSEN.format("combined"))
    planted = [groups[customer] for customer, _, _ in rows]
    found = [segment for _, segment, _ in rows]
    # The chosen three groups hold the six planted ones together; a fourth tells more.
    assert metrics.adjusted_rand_score(planted, found) > 0.35
    finer = sample_build.rows(
        "select customers.customer_id, labels.label "
        "from ml.ml_cluster_labels as labels "
        "inner join intermediate.int_segment_sample as drawn "
        "using (feature_set, sample_number) "
        "inner join intermediate.int_segment_customers as customers "
        "using (customer_number) "
        "where labels.run = 'fit' and drawn.snapshot_number = 0 "
        "and feature_set = 'combined' and algorithm = 'kmeans' and parameter = 'k=4'"
    )
    assert (
        metrics.adjusted_rand_score(
            [groups[customer] for customer, _ in finer], [label for _, label in finer]
        )
        > 0.45
    )

    members = collections.Counter(
        (groups[customer], name) for customer, _, name in rows
    )
    seekers = members["discount_seeker", "Discount seekers"]
    assert seekers / planted.count("discount_seeker") > 0.85
    assert seekers / [name for *_, name in rows].count("Discount seekers") > 0.85
    best = members["loyal", "Repeat buyers"]
    assert best / planted.count("loyal") > 0.85


def test_names_are_true_of_four_fifths_of_the_members(sample_build):
    rules = pd.read_csv(ROOT / "seeds" / "segment_names.csv")
    features = sample_build.rows(
        "select customer_id, feature, feature_value "
        "from intermediate.int_customer_feature_values"
    )
    values = pd.DataFrame(features).pivot(index=0, columns=1, values=2)
    medians = values.median()
    holds = {}
    for name, conditions in rules.groupby("segment_name"):
        meets = pd.Series(True, index=values.index)
        for rule in conditions.itertuples():
            value, median = values[rule.feature], medians[rule.feature]
            least = np.nanmax([-np.inf, rule.min_value, rule.min_times_median * median])
            most = np.nanmin([np.inf, rule.max_value, rule.max_times_median * median])
            meets &= value.between(least, most)
        holds[name] = meets
    members = pd.DataFrame(
        sample_build.rows(
            "select members.customer_id, segment_name, scheme, name_share "
            "from intermediate.int_segment_members as members "
            "inner join marts.segment_profiles using (scheme, segment_id) "
            "where members.algorithm <> 'rules'"
        ),
        columns=["customer_id", "name", "scheme", "name_share"],
    )
    named = 0
    for (name, _), group in members.groupby(["name", "scheme"]):
        # Namesakes are told apart by what follows the colon.
        base = name.split(":")[0]
        if base in holds:
            named += 1
            share = holds[base][group["customer_id"]].mean()
            assert group["name_share"].iloc[0] == pytest.approx(share)
            assert share >= 0.8
    assert named > 10
    assert members.loc[members["name_share"].notna(), "name_share"].min() >= 0.8


def test_every_set_has_one_chosen_solution_and_says_why(sample_build):
    assert sample_build.rows(
        "select feature_set, count(*) from evidence.cluster_selection "
        "where is_chosen and reason like 'Chosen%' group by 1 order by 1"
    ) == [
        *(("attributes", 1), ("behaviour", 1), ("combined", 1)),
        *(("online", 1), ("rfm", 1)),
    ]


@pytest.fixture(scope="module")
def mall():
    path = REAL_DATA / "mall_customers.csv"
    if not path.exists():
        pytest.skip(f"Mall Customers are not there ({path.name} in shared/data)")
    return path


@pytest.mark.parametrize(
    ("scaling", "silhouette"), [("standard", 0.555), ("none", 0.554)]
)
def test_mall_customers_fall_into_five_groups(mall, build, scaling, silhouette):
    built = build(
        "none",
        *BUILD,
        customer_attributes_path=str(mall),
        segment_feature_sets={
            "attributes": ["attribute.annual_income", "attribute.spending_score"]
        },
        segment_feature_scaling=scaling,
    )
    assert built.success, built.message
    ((found,),) = built.rows(
        "select silhouette from evidence.cluster_selection "
        "where algorithm = 'kmeans' and parameter = 'k=5' and is_elbow"
    )
    assert found == pytest.approx(silhouette, abs=0.0005)
    ((chosen, k),) = built.rows(
        "select algorithm, k from evidence.cluster_selection where is_chosen"
    )
    assert (chosen, k) == ("kmeans", 5)
    ((names, customers),) = built.rows(
        "select count(distinct segment_name), sum(customer_count)::int "
        "from marts.segment_profiles where is_chosen"
    )
    assert (names, customers) == (5, 200)


@pytest.fixture(scope="module")
def two_months(tmp_path_factory):
    """Return what is known of the segments of two builds, a month apart."""
    from conftest import run_dbt

    warehouse = tmp_path_factory.mktemp("two_months")
    found = []
    for date in ("2025-06-01", "2025-07-01"):
        # One count: that another one fits better now is not what this is about.
        variables = FEW | {"segment_cluster_counts": [4], "as_of_date": date}
        built = run_dbt(warehouse, variables, *BUILD)
        assert built.success, built.message
        found.append(
            {
                "segments": {
                    (scheme, customer): segment
                    for scheme, customer, segment in built.rows(
                        "select scheme, customer_id, segment_id "
                        "from marts.customer_segments where algorithm = 'kmeans'"
                    )
                },
                "drift": built.rows(
                    "select feature_set, segment_id, status, drift, "
                    "first_as_of_date::varchar from evidence.segment_drift "
                    "where algorithm = 'kmeans' order by all"
                ),
            }
        )
    return found


def test_segments_keep_their_ids_over_a_month(two_months):
    before, after = two_months
    assert {status for _, _, status, _, _ in before["drift"]} == {"new"}
    kept = [row for row in after["drift"] if row[2] == "kept"]
    assert len(kept) == len(before["drift"])
    # Attributes do not change with time.
    assert all(
        (drift == 0) == (name == "attributes") and drift < 0.5
        for name, _, _, drift, _ in kept
    )
    assert {first for *_, first in kept} == {"2025-06-01"}

    both = before["segments"].keys() & after["segments"].keys()
    assert len(both) > 5000
    stayed = [before["segments"][key] == after["segments"][key] for key in both]
    assert np.mean(stayed) > 0.85


def write_orders(path, customers):
    """Write a log of (customer, number of orders, price) with a sale each."""
    lines = ["Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID"]
    for customer, orders, price in customers:
        lines += [
            f"{customer}{n},85123A,LIGHT,1,2024-01-{n + 1:02} 10:00,{price},{customer}"
            for n in range(orders)
        ]
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize(
    ("customers", "reason"),
    [
        ([(1001, 3, 5)], "1 customers, at least 50"),
        (
            [(1001 + i, 1 + i % 3, 5 + i) for i in range(20)],
            "20 customers, at least 50",
        ),
        ([(1001 + i, 2, 5) for i in range(60)], "every customer is the same"),
        ([(1001 + i, 1 + i % 2, 5) for i in range(60)], "only 2 different customers"),
    ],
)
def test_too_little_to_cluster_is_a_row_that_says_so(
    build, tmp_path, customers, reason
):
    path = write_orders(tmp_path / "orders.csv", customers)
    built = build(path, *BUILD, **FEW)
    assert built.success, built.message
    rows = dict(
        built.rows(
            "select feature_set, reason from evidence.cluster_selection "
            "where algorithm = 'none' and not is_chosen"
        )
    )
    assert reason in rows["rfm"]
    assert "none of its customer attributes is there" in rows["attributes"]
    assert built.rows(
        "select count(*) from marts.customer_segments where feature_set = 'rfm'"
    ) == [(0,)]
    assert built.rows(
        "select sum(customer_count)::int from marts.segment_profiles "
        "where scheme = 'rfm'"
    ) == [(len(customers),)]


def test_a_feature_that_does_not_exist_is_named(build):
    sets = {"rfm": ["recency_days", "shoe_size"]}
    built = build(
        ROOT / "data" / "transactions.parquet", *BUILD, segment_feature_sets=sets
    )
    assert not built.success
    assert "'shoe_size' in the set 'rfm' is no feature" in built.message
    assert "attribute.shoe_size" in built.message


def test_published_tables_hold_the_segments(sample_build, tmp_path):
    from customer_analytics.publishing import expected_tables, publish

    path = publish(
        sample_build.warehouse / "build.duckdb",
        tmp_path,
        expected_tables(sample_build.warehouse / "target"),
    )
    with duckdb.connect(str(path), read_only=True) as connection:
        ((count,),) = connection.execute(
            "select count(distinct scheme) from marts.segment_profiles"
        ).fetchall()
    assert count > 10
