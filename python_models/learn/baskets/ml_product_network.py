"""How central each product is in the network of products, and its community."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.baskets.network import network_measures
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    links = dbt.ref("int_product_links").order("first_node, second_node").fetchnumpy()
    measures = Memory(session, "ml_product_network")(
        "network of products",
        network_measures,
        links["first_node"],
        links["second_node"],
        links["weight"],
        pivot_count=dbt.config.meta_get("pivot_count"),
        seed=dbt.config.meta_get("seed"),
        report=AdapterLogger("Network of products").info,
    )
    return as_relation(session, "product_network", measures)
