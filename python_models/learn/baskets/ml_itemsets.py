"""Itemsets that many baskets hold, and how many."""

from dbt.adapters.events.logging import AdapterLogger

from customer_analytics.baskets.mining import mine_groups
from customer_analytics.memory import Memory
from customer_analytics.relations import as_relation


def model(dbt, session):
    items = dbt.ref("int_basket_items").order(
        "basket_group, basket_number, item_number"
    )
    groups = dbt.ref("int_basket_groups").order("basket_group")
    periods = dbt.ref("int_basket_periods").order("basket_group, period_number")
    itemsets = Memory(session, "ml_itemsets", dbt.this.schema)(
        "itemsets",
        mine_groups,
        items.fetchnumpy(),
        groups.fetchnumpy(),
        periods.fetchnumpy(),
        engine=dbt.config.meta_get("engine"),
        max_size=dbt.config.meta_get("max_itemset_size"),
        max_itemsets=dbt.config.meta_get("max_itemsets"),
        report=AdapterLogger("Baskets").info,
    )
    return as_relation(session, "itemsets", itemsets)
