"""Baskets: which products go together, how surely, and whether it lasted."""

import streamlit as st

from customer_analytics import trust
from customer_analytics.charts import baskets
from customer_analytics.dashboard.columns import decimal, money, percent, whole
from customer_analytics.dashboard.data import query, row
from customer_analytics.dashboard.parts import (
    header,
    how_sure,
    missing,
    number,
    share,
    show,
    table,
)

MINING = """
select status, max(basket_count) as basket_count,
    max(min_basket_count) as min_basket_count, sum(rule_count) as rule_count,
    bool_and(is_ready) as is_ready
from evidence.basket_mining
where basket_group = $basket_group
group by status
"""
GROUPS = """
select distinct basket_group from evidence.basket_mining
order by basket_group != 'all', basket_group
"""
HOLDOUT = """
select * from evidence.association_rule_holdout
where basket_group = $basket_group and rule_kind = 'all'
order by basket_count_from, confidence_from desc
limit 1
"""
FOUND = """
from marts.association_rules
where basket_group = $basket_group
    and (contains(lower(antecedent), lower($product))
        or contains(lower(consequent), lower($product)))
    and confidence_low >= $confidence and lift >= $lift
    and ($with_all or (is_significant and not is_redundant))
"""
RULES = f"""
select antecedent, consequent, basket_count, support, confidence, confidence_low, lift,
    holdout_confidence, holdout_lift, expected_extra_amount, is_redundant,
    is_significant
{FOUND}
order by confidence_low desc, basket_count desc, antecedent, consequent
limit $most
"""
# The same rules at each visit, drawn from all that were found.
POINTS = f"""
select antecedent, consequent, basket_count, support, confidence, lift,
    count(*) over () as found_count
{FOUND}
order by hash(rule_id), rule_id
limit $most
"""
LINKS = """
select product_id_a, product_id_b, jaccard, co_order_count
from marts.product_affinity
where is_in_network
order by co_order_count desc, product_id_a, product_id_b
limit $most
"""
PRODUCTS = """
select product_id, product, pagerank,
    -- The first product names the group; all three would fill the page.
    coalesce(split_part(community_name, ',', 1), 'none') as "group"
from marts.product_network
order by product_id
"""
# Points that the scatter plot draws, rules that the search gives at most.
DRAWN_RULES, FOUND_RULES = 1500, 20_000


def page() -> None:
    """Show the page."""
    if not header("Baskets", "Which products are bought together, and did it last?"):
        return
    groups = query(GROUPS)["basket_group"].tolist()
    if not groups:
        missing("The order log has no products: there are no baskets to look into.")
        return
    group = st.selectbox("Baskets of", groups) if len(groups) > 1 else groups[0]
    mining = row(MINING, basket_group=group)
    if not mining["rule_count"]:
        missing(f"No rules were found: {mining['status']}.")
        return
    quality(mining, group)
    rules(group)
    network()


def quality(mining, group: str) -> None:
    """Say what was mined, and how rules held afterwards."""
    held = row(HOLDOUT, basket_group=group)
    how_sure(
        trust.rules(None, None, 0)
        if held is None
        else trust.rules(
            held["confidence_before"], held["holdout_confidence"], int(held["n"])
        ),
        f"{number(mining['rule_count'])} rules from {number(mining['basket_count'])} "
        f"baskets, each in {number(mining['min_basket_count'])} or more.",
        ""
        if held is None
        else "Tried are the rules of a confidence of "
        f"{share(held['confidence_from'])} or more.",
    )


def rules(group: str) -> None:
    """Show the rules that the search finds, as points and as a table."""
    st.subheader("Search rules")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        product = st.text_input("Product contains", width=260)
        confidence = st.slider(
            "Confidence at least (lower bound)", 0.0, 1.0, 0.3, width=220
        )
        lift = st.number_input("Lift at least", min_value=0.0, value=1.0, width=140)
        with_all = st.toggle(
            "With redundant and chance rules",
            help="Redundant: a shorter rule says nearly the same. Chance: not "
            "significant after adjusting for all that was tested.",
        )
    wanted = {
        "basket_group": group,
        "product": product.strip(),
        "confidence": confidence,
        "lift": lift,
        "with_all": with_all,
    }
    points = query(POINTS, most=DRAWN_RULES, **wanted)
    if points.empty:
        missing("No rule fits; lower the confidence, or search for another product.")
        return
    show(
        baskets.rule_scatter(points),
        "Rules",
        f"{len(points):,} of {points['found_count'].iloc[0]:,} rules found: with the "
        "first product or products, the second is in the basket too.",
    )
    found = query(RULES, most=FOUND_RULES, **wanted)
    table(
        found,
        {
            "antecedent": "With",
            "consequent": "also",
            "confidence": percent("Confidence"),
            "confidence_low": percent("at least"),
            "holdout_confidence": percent("in the last months"),
            "lift": decimal("Lift", 1),
            "basket_count": whole("Baskets"),
            "expected_extra_amount": money("Extra amount"),
        },
        name="association_rules",
    )
    if len(found) == FOUND_RULES:
        st.caption(
            f"The surest {FOUND_RULES:,} rules; narrow the search to see others."
        )


def network() -> None:
    """Draw the strongest links between products."""
    st.subheader("The network of products")
    most = st.slider("Pairs most often bought together", 50, 300, 150, step=10)
    links = query(LINKS, most=most)
    if links.empty:
        missing("No two products are bought together often enough.")
        return
    places = layout(links)
    products = places.merge(query(PRODUCTS), on="product_id")
    st.caption(
        "Lines: bought together, thicker where more often of all baskets with either. "
        "Larger: more central. Colours: groups, named by a product."
    )
    show(baskets.product_network(products, links))


@st.cache_data(max_entries=50, show_spinner=False)
def layout(links):
    """Return the places of products; the layout takes longer than the queries."""
    return baskets.network_layout(links)
