"""Charts of baskets: rules and the network of products."""

import altair as alt
import networkx as nx
import pandas as pd

from customer_analytics.charts.theme import (
    GREY,
    SEQUENTIAL,
    bottom_legend,
    categories,
    powers_of_ten,
    share_axis,
)


def rule_scatter(rules: pd.DataFrame) -> alt.Chart:
    """Draw rules by how often and how surely they hold.

    Parameters
    ----------
    rules : DataFrame, a row per rule, a few thousand at most
        ``antecedent``, ``consequent``, ``support``, ``confidence`` (0 to 1), ``lift``
        (above 0) and ``basket_count``.
    """
    return (
        alt.Chart(rules, height=380)
        .mark_circle(size=45, opacity=0.75)
        .encode(
            x=alt.X(
                "support:Q",
                scale=alt.Scale(type="log", nice=False, padding=10),
                axis=alt.Axis(
                    title="Support: share of all baskets, powers of ten",
                    format="~p",
                    values=powers_of_ten(
                        rules["support"].min(), rules["support"].max()
                    ),
                ),
            ),
            y=alt.Y(
                "confidence:Q",
                axis=share_axis("Confidence: share of the baskets with the first"),
                scale=alt.Scale(zero=False),
            ),
            color=alt.Color(
                "lift:Q",
                scale=alt.Scale(scheme=SEQUENTIAL, type="log"),
                legend=alt.Legend(
                    title="Lift: times more often than by chance",
                    orient="bottom",
                    titleLimit=300,
                ),
            ),
            tooltip=[
                alt.Tooltip("antecedent:N", title="With"),
                alt.Tooltip("consequent:N", title="Also"),
                alt.Tooltip("confidence:Q", title="Confidence", format=".1%"),
                alt.Tooltip("support:Q", title="Support", format=".2%"),
                alt.Tooltip("lift:Q", title="Lift", format=".1f"),
                alt.Tooltip("basket_count:Q", title="Baskets", format=",d"),
            ],
        )
    )


def network_layout(links: pd.DataFrame, *, seed: int = 20111209) -> pd.DataFrame:
    """Place products so that those often bought together lie close.

    Parameters
    ----------
    links : DataFrame, a row per pair, a few hundred at most
        ``product_id_a``, ``product_id_b`` and ``jaccard`` (above 0).
    seed : int
        Of the start; the same links in the same order give the same places.

    Returns
    -------
    DataFrame, a row per product
        ``product_id``, ``x`` and ``y``.

    References
    ----------
    Fruchterman and Reingold (1991), Graph Drawing by Force-directed Placement,
    Software: Practice and Experience 21(11), pp. 1129-1164.
    """
    graph = nx.Graph()
    for row in links.itertuples():
        graph.add_edge(row.product_id_a, row.product_id_b, weight=row.jaccard)
    # Parts without a link to others are laid out by themselves, in squares of their
    # size side by side: forces would drive them apart in one large ring.
    parts = sorted(
        nx.connected_components(graph), key=lambda part: (-len(part), min(part))
    )
    page_width = 1.1 * sum(len(part) for part in parts) ** 0.5
    left = bottom = shelf = 0.0
    places = []
    for part in parts:
        side = len(part) ** 0.5
        if left + side > page_width and left > 0:
            left, bottom, shelf = 0.0, bottom + shelf, 0.0
        shelf = max(shelf, side)
        # A graph of its own: a view of a part goes through it in the order of a set.
        alone = nx.Graph()
        alone.add_nodes_from(sorted(part))
        alone.add_edges_from(graph.subgraph(part).edges(data=True))
        drawn = nx.spring_layout(
            alone,
            seed=seed,
            iterations=150,
            scale=0.42 * side,
            center=(left + side / 2, bottom + side / 2),
        )
        places += [(name, float(x), float(y)) for name, (x, y) in drawn.items()]
        left += side
    return pd.DataFrame(places, columns=["product_id", "x", "y"])


def product_network(products: pd.DataFrame, links: pd.DataFrame) -> alt.LayerChart:
    """Draw products and which of them are bought together.

    Parameters
    ----------
    products : DataFrame, a row per product
        ``product_id``, ``product``, ``group`` (its community), ``pagerank``, and ``x``
        and ``y`` of `network_layout`.
    links : DataFrame, a row per pair
        ``product_id_a``, ``product_id_b``, ``jaccard`` and ``co_order_count``.
    """
    places = products.set_index("product_id")[["x", "y"]]
    ends = links.join(places, on="product_id_a").join(
        places.add_suffix("_b"), on="product_id_b"
    )
    lines = (
        alt.Chart(ends)
        .mark_rule(color=GREY, opacity=0.55)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(zero=False)),
            x2="x_b:Q",
            y=alt.Y("y:Q", axis=None, scale=alt.Scale(zero=False)),
            y2="y_b:Q",
            strokeWidth=alt.StrokeWidth(
                "jaccard:Q", scale=alt.Scale(range=[0.5, 4]), legend=None
            ),
        )
    )
    # Groups in order of size; from the eighth on they share a colour.
    sizes = products["group"].value_counts()
    largest = sorted(sizes.index, key=lambda name: (-sizes[name], name))[:7]
    shown = products.assign(
        shown_group=products["group"].where(products["group"].isin(largest), "others")
    )
    points = (
        alt.Chart(shown)
        .mark_circle(opacity=1)
        .encode(
            x="x:Q",
            y="y:Q",
            size=alt.Size("pagerank:Q", scale=alt.Scale(range=[40, 400]), legend=None),
            color=alt.Color(
                "shown_group:N",
                scale=categories([*largest, "others"]),
                legend=bottom_legend("Group", 2),
            ),
            tooltip=[
                alt.Tooltip("product:N", title="Product"),
                alt.Tooltip("product_id:N", title="Code"),
                alt.Tooltip("group:N", title="Group"),
            ],
        )
    )
    return alt.layer(lines, points).properties(height=520)
