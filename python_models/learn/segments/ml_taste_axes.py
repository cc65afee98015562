"""The two latent tastes in what customers bought."""

from customer_analytics.relations import as_relation
from customer_analytics.segments.axes import product_axes


def model(dbt, session):
    bought = dbt.ref("int_taste_sample").order("customer_number, product_number")
    columns = bought.fetchnumpy()
    axes = product_axes(
        columns["customer_number"],
        columns["product_number"],
        columns["weight"],
        dbt.config.meta_get("seed"),
    )
    products = bought.aggregate("product_number as product, product_id")
    return products.join(as_relation(session, "taste_axes", axes), "product")
