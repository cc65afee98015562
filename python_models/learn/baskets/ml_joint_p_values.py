"""How likely it is by chance that two itemsets meet in so many baskets."""

from customer_analytics.baskets.significance import joint_p_values
from customer_analytics.relations import as_relation


def model(dbt, session):
    counts = (
        dbt.ref("int_contingencies")
        .order("all_count, first_count, second_count, joint_count")
        .fetchnumpy()
    )
    p_values = {"p_value": joint_p_values(**counts)}
    return as_relation(session, "joint_p_values", counts | p_values)
