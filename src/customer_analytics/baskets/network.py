"""Measures of a network of products or customers."""

from collections.abc import Callable

import networkx as nx
import numpy as np
from scipy.sparse import csr_matrix

Columns = dict[str, np.ndarray]
POWER_STEPS = 1000
POWER_PRECISION = 1e-9
# Starting points of shortest paths worked on at once.
BLOCK = 256


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
        Nodes from which shortest paths are followed for betweenness; all, and it is
        exact, where there are no more.
    seed : int
        Of the choice of pivots and of the communities.
    report : callable
        Told what is being worked on.

    Returns
    -------
    dict of arrays of shape (n_nodes,)
        ``node`` (rising), ``degree`` (links), ``weighted_degree`` (their strength),
        ``betweenness`` (share of shortest paths through it, 0..1, links counted
        alike) and ``betweenness_error`` (its standard error, 0 where exact),
        ``eigenvector`` (length of all together 1), ``pagerank`` (adds up to
        1), ``community_number`` (from 1, the largest first).

    References
    ----------
    Bonacich (1972); Page et al. (1999); Blondel et al. (2008), J. Stat. Mech. P10008.
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
            **{"betweenness": empty, "betweenness_error": empty},
            **{"eigenvector": empty, "pagerank": empty, "community_number": counted},
        }
    ranks = nx.pagerank(graph, weight="weight", tol=1e-10, max_iter=1000)
    matrix = csr_matrix(
        (np.tile(weight, 2), np.concatenate([ends, ends[::-1]], axis=1)),
        shape=(len(nodes),) * 2,
    )
    between, error = betweenness(matrix, pivot_count=pivot_count, seed=seed)
    return {
        "node": nodes,
        "degree": np.diff(matrix.indptr).astype(np.int64),
        "weighted_degree": np.asarray(matrix.sum(axis=1)).ravel().round(9),
        "betweenness": between.round(9),
        "betweenness_error": error.round(9),
        "eigenvector": _eigenvector(matrix).round(9),
        "pagerank": np.array([ranks[node] for node in range(len(nodes))]).round(9),
        "community_number": _communities(graph, seed),
    }


def betweenness(
    links: csr_matrix, *, pivot_count: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the share of shortest paths that lead through each node.

    Breadth-first search from many nodes at once, as products of matrices, so that all
    nodes can be starting points where others have to draw some.

    Parameters
    ----------
    links : sparse matrix of shape (n_nodes, n_nodes)
        Symmetric, without a diagonal; what is not 0 is a link, all alike.
    pivot_count : int
        Starting points, 2 or more; all nodes where there are no more of them.
    seed : int
        Of their choice.

    Returns
    -------
    array of shape (n_nodes,)
        0..1.
    array of shape (n_nodes,)
        Its standard error, of a sample drawn without putting back; 0 of all nodes.

    References
    ----------
    Freeman (1977), Sociometry 40(1), 35-41; Brandes (2001), J. Math. Sociology 25(2),
    163-177; Geisberger, Sanders and Schultes (2008), ALENEX, 90-100.
    """
    count = links.shape[0]
    sources = np.arange(count)
    if pivot_count < count:
        drawn = np.random.default_rng(seed).choice(count, pivot_count, replace=False)
        sources = np.sort(drawn)
    matrix = (links != 0).astype(float).tocsr()
    total, squares = np.zeros(count), np.zeros(count)
    for start in range(0, len(sources), BLOCK):
        passed = _dependencies(matrix, sources[start : start + BLOCK])
        total += passed.sum(axis=1)
        squares += (passed**2).sum(axis=1)
    drawn_count = len(sources)
    mean = total / drawn_count
    variance = (squares / drawn_count - mean**2).clip(0) * drawn_count
    variance /= max(drawn_count - 1, 1)
    error = np.sqrt((1 - drawn_count / count) * variance / drawn_count)
    # Of the ordered pairs of other nodes.
    scale = count / max((count - 1) * (count - 2), 1)
    # Of a star, a sample without its middle would say more than all.
    return (mean * scale).clip(0, 1), error * scale


def _dependencies(matrix: csr_matrix, sources: np.ndarray) -> np.ndarray:
    """Return the paths from each source that lead through each node (Brandes 2001).

    Each counts by how much of it lies before the node, twice. Over all sources that is
    the same; of a few it is far less uneven, as a way out of a corner counts from all
    other nodes, not only from the corner (Geisberger, Sanders and Schultes 2008).
    """
    columns = np.arange(len(sources))
    paths = np.zeros((matrix.shape[0], len(sources)))
    paths[sources, columns] = 1
    reached, level = paths > 0, paths.copy()
    levels = [reached]
    while levels[-1].any():
        level = np.where(reached, 0, matrix @ level)
        paths += level
        levels.append(level > 0)
        reached = reached | levels[-1]
    passed = np.zeros_like(paths)
    share = np.divide(1, paths, out=np.zeros_like(paths), where=paths > 0)
    for distance in range(len(levels) - 2, 0, -1):
        onward = levels[distance] * share * (1 / distance + passed)
        passed += levels[distance - 1] * paths * (matrix @ onward)
    return 2 * passed * sum(d * at for d, at in enumerate(levels))


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
