"""Measures of a network of products or customers."""

from collections.abc import Callable

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix

Columns = dict[str, np.ndarray]
POWER_STEPS = 1000
POWER_PRECISION = 1e-9


def network_measures(
    first: np.ndarray,
    second: np.ndarray,
    weight: np.ndarray,
    *,
    pivot_count: int,
    seed: int,
    report: Callable[[str], None] = lambda message: None,
) -> Columns:
    """Say of each node how central it is, and to which community it belongs.

    Parameters
    ----------
    first, second : arrays of shape (n_links,)
        Names or numbers of the nodes that each undirected link joins; no link twice,
        none from a node to itself.
    weight : float array of shape (n_links,)
        Strength of the link, above 0.
    pivot_count : int
        Nodes from which shortest paths are followed for betweenness (Brandes and Pich
        2007); all where there are fewer.
    seed : int
        Of the choice of pivots and of the communities.
    report : callable
        Told what is being worked on.

    Returns
    -------
    dict of arrays of shape (n_nodes,)
        ``node`` (rising), ``degree`` (links), ``weighted_degree`` (their strength),
        ``betweenness`` (share of shortest paths through it, 0..1, links counted
        alike), ``eigenvector`` (length of all together 1), ``pagerank`` (adds up to
        1), ``community_number`` (from 1, the largest first).

    References
    ----------
    Freeman (1977), Sociometry 40(1); Bonacich (1972); Page et al. (1999); Blondel et
    al. (2008), J. Stat. Mech. P10008.
    """
    nodes, ends = np.unique(np.concatenate([first, second]), return_inverse=True)
    ends = ends.reshape(2, -1)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(nodes)))
    graph.add_weighted_edges_from(
        zip(*ends.tolist(), np.asarray(weight, dtype=float).tolist(), strict=True)
    )
    report(f"{len(nodes):,} nodes, {len(weight):,} links")
    if not len(nodes):
        empty = np.zeros(0)
        counted = np.zeros(0, dtype=np.int64)
        return {
            **{"node": nodes, "degree": counted, "weighted_degree": empty},
            **{"betweenness": empty, "eigenvector": empty, "pagerank": empty},
            "community_number": counted,
        }
    pivots = pivot_count if pivot_count < len(nodes) else None
    between = nx.betweenness_centrality(graph, k=pivots, seed=seed)
    ranks = nx.pagerank(graph, weight="weight", tol=1e-10, max_iter=1000)
    matrix = csr_matrix(
        (np.tile(weight, 2), np.concatenate([ends, ends[::-1]], axis=1)),
        shape=(len(nodes),) * 2,
    )
    return {
        "node": nodes,
        "degree": np.diff(matrix.indptr).astype(np.int64),
        "weighted_degree": np.asarray(matrix.sum(axis=1)).ravel().round(9),
        "betweenness": _in_order(between),
        "eigenvector": _eigenvector(matrix).round(9),
        "pagerank": _in_order(ranks),
        "community_number": _communities(graph, seed),
    }


def _in_order(values: dict[int, float]) -> np.ndarray:
    return np.array([values[node] for node in range(len(values))]).round(9)


def _eigenvector(matrix: csr_matrix) -> np.ndarray:
    """Return the leading eigenvector; adding the identity makes the steps converge."""
    vector = np.full(matrix.shape[0], matrix.shape[0] ** -0.5)
    for _ in range(POWER_STEPS):
        following = vector + matrix @ vector
        following /= np.linalg.norm(following)
        if np.abs(following - vector).max() < POWER_PRECISION:
            return following
        vector = following
    return vector


def _communities(graph: nx.Graph, seed: int) -> np.ndarray:
    found = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    numbers = np.zeros(len(graph), dtype=np.int64)
    for number, members in enumerate(sorted(found, key=lambda c: (-len(c), min(c)))):
        numbers[list(members)] = number + 1
    return numbers
