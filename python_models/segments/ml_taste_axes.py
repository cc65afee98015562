"""The two latent tastes in what customers bought."""

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
    session.register("taste_axes", axes)
    products = bought.aggregate("product_number as product, product_id")
    return products.join(session.table("taste_axes"), "product")
