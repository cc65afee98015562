"""How likely it is by chance that two itemsets meet in so many baskets."""

from customer_analytics.baskets.significance import joint_p_values
from customer_analytics.relations import as_relation


def model(dbt, session):
    counts = (
        dbt.ref("int_itemset_splits")
        # Of rules, and of all pairs.
        .filter("is_confident or itemset_size = 2")
        .project(
            "all_count, least(antecedent_count, consequent_count) as first_count, "
            "greatest(antecedent_count, consequent_count) as second_count, joint_count"
        )
        .distinct()
        .order("all_count, first_count, second_count, joint_count")
        .fetchnumpy()
    )
    p_values = {"p_value": joint_p_values(**counts)}
    return as_relation(session, "joint_p_values", counts | p_values)
