"""How central products and customers are in their networks, and their communities."""

import numpy as np
from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.baskets.network import network_measures
from customer_analytics.memory import Memory
from customer_analytics.relations import as_table


def model(dbt, session):
    networks = {
        "products": dbt.ref("product_affinity")
        .filter("is_in_network")
        .project("product_id_a as first, product_id_b as second, jaccard as weight"),
        "customers": dbt.ref("customer_affinity").project(
            "customer_id_a as first, customer_id_b as second, strength as weight"
        ),
    }
    remember = Memory(session, "ml_networks", dbt.this.schema)

    def measured():
        for name, links in networks.items():
            strongest = links.order("weight desc, first, second").limit(
                dbt.config.meta_get("max_links")
            )
            measures = remember(
                f"network of {name}",
                network_measures,
                **strongest.order("first, second").fetchnumpy(),
                pivot_count=dbt.config.meta_get("pivot_count"),
                seed=dbt.config.meta_get("seed"),
                report=AdapterLogger(f"Network of {name}").info,
            )
            count = len(measures["node"])
            yield {"network": np.full(count, name, dtype=object)} | measures

    return as_table(session, "networks", measured())
