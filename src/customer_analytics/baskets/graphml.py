"""Write the published networks in the form that graph tools read."""

from decimal import Decimal
from pathlib import Path

import duckdb
import networkx as nx

from customer_analytics.publishing import PublishError

# Nodes and links of each network; the first two columns of links are their ends.
NETWORKS = {
    "product_network": (
        "select * from marts.product_network order by product_id",
        "select product_id_a, product_id_b, jaccard as weight, lift, co_order_count "
        "from marts.product_affinity where is_in_network order by all",
    ),
    "customer_network": (
        "select * from marts.customer_network order by customer_id",
        "select customer_id_a, customer_id_b, strength as weight, shared_product_count "
        "from marts.customer_affinity order by all",
    ),
}


def write_graphs(database: Path, folder: Path) -> list[Path]:
    """Write each network as a GraphML file.

    Parameters
    ----------
    database : Path
        A published file; opened read-only.
    folder : Path
        Where ``product_network.graphml`` and ``customer_network.graphml`` go.

    Returns
    -------
    list of Path
        The files written. Every measure of the tables is an attribute of its node or
        link; links whose ends are not in the network are left out.

    Raises
    ------
    PublishError
        If there is no published file.
    """
    if not database.exists():
        raise PublishError(f"there is no {database}: run make build first")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with duckdb.connect(str(database), read_only=True) as connection:
        for name, (nodes, links) in NETWORKS.items():
            graph = nx.Graph()
            for node, *_, attributes in _rows(connection, nodes, 1):
                graph.add_node(node, **attributes)
            for first, second, attributes in _rows(connection, links, 2):
                if first in graph and second in graph:
                    graph.add_edge(first, second, **attributes)
            paths.append(folder / f"{name}.graphml")
            nx.write_graphml(graph, paths[-1])
    return paths


def _rows(connection: duckdb.DuckDBPyConnection, sql: str, key_count: int):
    """Yield the key columns of each row, then the others by name, nulls left out."""
    relation = connection.sql(sql)
    for row in relation.fetchall():
        pairs = zip(relation.columns[key_count:], row[key_count:], strict=True)
        yield (
            *row[:key_count],
            {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in pairs
                if value is not None
            },
        )
