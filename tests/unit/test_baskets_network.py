"""Measures of networks, by hand and at the edges; their files."""

import duckdb
import networkx as nx
import numpy as np
import pytest

from customer_analytics.baskets.graphml import write_graphs
from customer_analytics.baskets.network import network_measures
from customer_analytics.publishing import PublishError


def measured(links, **settings):
    first, second, weight = (np.array(x) for x in zip(*links, strict=True))
    return network_measures(
        first, second, weight.astype(float), **{"pivot_count": 99, "seed": 1} | settings
    )


def test_a_path_of_three_by_hand():
    found = measured([(10, 20, 1), (20, 30, 1)])
    assert found["node"].tolist() == [10, 20, 30]
    assert found["degree"].tolist() == [1, 2, 1]
    assert found["betweenness"].tolist() == [0, 1, 0]
    # Eigenvector of the path: 1 : sqrt 2 : 1.
    assert found["eigenvector"] == pytest.approx([0.5, 2**-0.5, 0.5], abs=1e-6)
    assert found["pagerank"].sum() == pytest.approx(1, abs=1e-6)


def random_links(seed, nodes, count):
    pairs = np.random.default_rng(seed).integers(0, nodes, (count, 2)).tolist()
    return sorted({(*sorted(pair), 1) for pair in pairs if pair[0] != pair[1]})


@pytest.mark.parametrize(("nodes", "count"), [(5, 6), (60, 70), (300, 900)])
def test_betweenness_from_all_nodes_is_that_of_networkx(nodes, count):
    links = random_links(nodes, nodes, count)
    found = measured(links, pivot_count=nodes)
    graph = nx.Graph([link[:2] for link in links])
    expected = nx.betweenness_centrality(graph)
    assert dict(
        zip(found["node"].tolist(), found["betweenness"].tolist(), strict=True)
    ) == pytest.approx(expected, abs=1e-8)
    assert not found["betweenness_error"].any()


def test_the_error_of_betweenness_tells_how_far_it_is_off():
    links = random_links(1, 300, 600)
    exact = measured(links, pivot_count=300)["betweenness"]
    off, error = [], []
    for seed in range(20):
        found = measured(links, pivot_count=100, seed=seed)
        off.append(found["betweenness"] - exact)
        error.append(found["betweenness_error"])
    assert np.std(off) == pytest.approx(np.sqrt(np.mean(np.square(error))), rel=0.1)
    assert np.abs(np.mean(off)) < 0.05 * exact.mean()


def test_betweenness_of_a_sample_stays_a_share():
    star = [(0, leaf, 1) for leaf in range(1, 50)]
    found = measured(star, pivot_count=5)
    assert found["betweenness"][0] == pytest.approx(1, abs=0.03)
    assert found["betweenness"].max() <= 1


def test_weights_count_for_strength_not_for_links():
    found = measured([(1, 2, 3), (2, 3, 0.5)])
    assert found["weighted_degree"].tolist() == [3, 3.5, 0.5]
    assert found["degree"].tolist() == [1, 2, 1]
    assert found["pagerank"][0] > found["pagerank"][2]


def test_two_cliques_are_two_communities():
    links = [(a, b, 1) for a in range(5) for b in range(a)]
    links += [(a + 10, b + 10, 1) for a in range(4) for b in range(a)]
    found = measured([*links, (0, 10, 0.1)])
    assert found["community_number"].tolist() == [1] * 5 + [2] * 4


def test_measures_are_those_of_networkx():
    rng = np.random.default_rng(3)
    links = sorted({tuple(sorted(p)) for p in rng.integers(0, 40, (120, 2)).tolist()})
    links = [
        (a, b, w) for (a, b), w in zip(links, rng.random(999), strict=False) if a != b
    ]
    found = measured(links)
    graph = nx.Graph()
    graph.add_weighted_edges_from(links)
    graph = graph.subgraph(max(nx.connected_components(graph), key=len))
    expected = nx.eigenvector_centrality_numpy(graph, weight="weight")
    ours = dict(zip(found["node"].tolist(), found["eigenvector"], strict=True))
    assert {n: ours[n] for n in graph} == pytest.approx(expected, abs=1e-5)


def test_same_seed_same_result():
    rng = np.random.default_rng(5)
    links = [
        (a, b, rng.random()) for a in range(60) for b in range(a) if (a * b) % 7 < 2
    ]
    first, again = (measured(links, pivot_count=10) for _ in range(2))
    for name in first:
        assert first[name].tolist() == again[name].tolist()


def test_no_links_no_nodes():
    empty = np.zeros(0, dtype=np.int64)
    found = network_measures(empty, empty, empty, pivot_count=5, seed=1)
    assert {len(values) for values in found.values()} == {0}


def test_graphs_are_written_as_they_are(tmp_path):
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        for table, rows in {
            "product_network": "select 'A' product_id, 'X & Y' product, 2 degree "
            "union all select 'B', null, 1",
            "product_affinity": "select 'A' product_id_a, 'B' product_id_b, "
            "0.5 jaccard, 2.0 lift, 3 co_order_count, true is_in_network",
            "customer_network": "select '1' customer_id, 1 degree where false",
            "customer_affinity": "select '1' customer_id_a, '2' customer_id_b, "
            "0.5 strength, 2 shared_product_count",
        }.items():
            connection.execute(f"create table marts.{table} as {rows}")
    products, customers = write_graphs(path, tmp_path / "exports")
    graph = nx.read_graphml(products)
    assert dict(graph.nodes(data=True)) == {
        "A": {"product": "X & Y", "degree": 2},
        "B": {"degree": 1},
    }
    assert graph.edges["A", "B"]["co_order_count"] == 3
    assert len(nx.read_graphml(customers)) == 0


def test_without_a_published_file_there_is_nothing_to_write(tmp_path):
    with pytest.raises(PublishError, match="run make build first"):
        write_graphs(tmp_path / "none.duckdb", tmp_path)
