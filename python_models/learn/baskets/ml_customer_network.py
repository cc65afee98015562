"""How central each customer is in the network of customers, and its community."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.baskets.network import network_measures
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    links = dbt.ref("int_customer_links").order("first_node, second_node").fetchnumpy()
    measures = Memory(session, "ml_customer_network")(
        "network of customers",
        network_measures,
        links["first_node"],
        links["second_node"],
        links["weight"],
        pivot_count=dbt.config.meta_get("pivot_count"),
        seed=dbt.config.meta_get("seed"),
        report=AdapterLogger("Network of customers").info,
    )
    return as_relation(session, "customer_network", measures)
