"""Every page on the sample, on emptied tables and on attributes alone; its filters."""

import os
import re
import shutil
import sys

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from customer_analytics.cli import WAREHOUSE_VARIABLE
from customer_analytics.dashboard import app_path, data
from customer_analytics.publishing import PUBLISHED_NAME
from customer_analytics.report import words

PAGES = [
    *("today", "changes", "overview", "customer", "segments", "rfm", "cohorts"),
    *("predictions", "lifetime_value", "campaigns", "baskets", "recommendations"),
    *("products", "data_quality"),
]
# Pages of words and tables; the second has something to say from the next build on.
WITHOUT_CHARTS = ("today", "changes", "recommendations")
# What an emptied file still has: the one row that says so, and what people edit.
NO_ORDERS = """
update marts.data_span
set as_of_date = null, first_order_date = null, last_order_date = null,
    learning_date = null,
    order_count = 0, customer_count = 0
"""
# A log of amounts knows nothing of products.
OF_PRODUCTS = [
    *("products", "inventory_signals", "popular_products", "customer_recommendations"),
    *("cross_sell_gaps", "association_rules", "product_affinity", "product_network"),
]
OF_SEGMENTS = ["segment_profiles", "segment_profile_features", "customer_segments"]


@pytest.fixture(autouse=True)
def _fresh_cache():
    data._answer.clear()


@pytest.fixture(autouse=True)
def _same_main_module(monkeypatch):
    # Streamlit puts the page in its place, and processes that later tests start would
    # run it.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def sample(published_sample, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(published_sample))
    return published_sample / PUBLISHED_NAME


@pytest.fixture(scope="module")
def changed(published_sample, tmp_path_factory):
    """Return a function that writes a changed copy of the published sample."""

    def write(*statements: str):
        folder = tmp_path_factory.mktemp("changed")
        shutil.copy(published_sample / PUBLISHED_NAME, folder)
        with duckdb.connect(str(folder / PUBLISHED_NAME)) as connection:
            for statement in statements:
                connection.execute(statement)
        return folder

    return write


@pytest.fixture(scope="module")
def tables(published_sample):
    with duckdb.connect(
        str(published_sample / PUBLISHED_NAME), read_only=True
    ) as connection:
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables "
            "where table_schema in ('marts', 'evidence') and table_name != 'data_span'"
        ).fetchall()
    return [f"{schema}.{name}" for schema, name in found]


@pytest.fixture(scope="module")
def emptied(changed, tables):
    return changed(*(f"delete from {table}" for table in tables), NO_ORDERS)


@pytest.fixture(scope="module")
def full_but_without_rows(changed, tables):
    # Orders are known of, yet every table is empty.
    return changed(*(f"delete from {table}" for table in tables))


@pytest.fixture(scope="module")
def attributes_alone(changed, tables):
    kept = {*(f"marts.{name}" for name in OF_SEGMENTS), "evidence.cluster_selection"}
    return changed(
        *(
            f"delete from {table}"
            for table in tables
            if table not in {*kept, "marts.customer_attributes"}
        ),
        *(
            f"delete from {table} where not coalesce(scheme like 'attributes%', false)"
            for table in kept
            if table.startswith("marts.")
        ),
        "update marts.segment_profiles set net_amount_share = null, net_amount = null",
        NO_ORDERS,
    )


@pytest.fixture(scope="module")
def amounts_alone(changed):
    return changed(
        *(f"delete from marts.{name}" for name in OF_PRODUCTS),
        "delete from evidence.basket_mining",
        "delete from evidence.recommender_metrics",
    )


def run(page: str) -> AppTest:
    app = AppTest.from_string(
        f"from customer_analytics.dashboard.views import {page}\n{page}.page()",
        default_timeout=60,
    )
    return checked(app.run())


def checked(app: AppTest) -> AppTest:
    assert [(error.message, error.stack_trace) for error in app.exception] == []
    assert not app.error
    return app


def rows(published, sql: str) -> list[tuple]:
    with duckdb.connect(str(published), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def infos(app: AppTest) -> str:
    return "\n".join(info.value for info in app.info)


def captions(app: AppTest) -> str:
    return "\n".join(caption.value for caption in app.caption)


# --- Every page.


@pytest.mark.parametrize("page", PAGES)
def test_page_shows_the_sample_with_its_dates(page, sample):
    app = run(page)
    assert bool(app.info) == (page == "changes")
    assert "As of **2025-07-01**" in app.caption[0].value
    assert "2023-07-02 to 2025-06-30 · 14,077 orders" in app.caption[0].value
    assert (len(app.get("vega_lite_chart")) > 0) == (page not in WITHOUT_CHARTS)


@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page not in ("overview", "data_quality", "changes")],
)
def test_page_says_how_sure_it_is(page, sample):
    told = [text.value for text in run(page).markdown if "How sure:" in text.value]
    assert told
    assert all(re.search(r"-badge\[(good|fair|weak)\]", text) for text in told)
    # A figure that is not there would be read as one.
    assert not any("nan" in text or "None" in text for text in told)


@pytest.mark.parametrize("page", PAGES)
def test_page_without_orders_says_what_to_do(page, emptied, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(emptied))
    app = run(page)
    assert "customer attributes alone, no orders" in app.caption[0].value
    assert "Nothing to show here." in infos(app)
    assert not app.dataframe
    if page not in ("segments", "changes"):
        assert app.code[0].value == "make build TRANSACTIONS=path/to/orders.csv"


@pytest.mark.parametrize("page", PAGES)
def test_page_of_empty_tables_says_why(page, full_but_without_rows, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(full_but_without_rows))
    assert "Nothing to show here." in infos(run(page))


def test_segments_by_attributes_need_no_orders(attributes_alone, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(attributes_alone))
    app = run("segments")
    assert any("Silhouette" in text.value for text in app.markdown)
    assert len(app.dataframe[0].value) >= 2
    assert "where there are orders" in infos(app)


@pytest.mark.parametrize("page", PAGES)
def test_page_of_a_log_without_products(page, amounts_alone, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(amounts_alone))
    needs_products = page in ("baskets", "recommendations", "products")
    assert ("products" in infos(run(page))) == needs_products


@pytest.mark.parametrize("page", PAGES)
def test_page_of_a_log_without_prices(page, published_without_prices, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(published_without_prices))
    app = run(page)
    shown = [metric.value for metric in app.metric]
    assert not any("nan" in value or "None" in value for value in shown)
    assert ("no prices" in infos(app)) == (page == "lifetime_value")


def test_what_was_learned_long_ago_is_warned_of(changed, monkeypatch):
    note = "Learned as of 2025-01-01, more than 62 days before the as-of date"
    old = changed(f"update marts.data_span set learning_note = '{note}'")
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(old))
    assert [warning.value for warning in run("overview").warning] == [note]


# --- Filters.


def test_rfm_customers_are_filtered(sample):
    app = run("rfm")
    chosen = ["At risk", "Lost"]
    checked(app.multiselect[0].set_value(chosen).run())
    checked(app.number_input[0].set_value(500).run())
    ((count,),) = rows(
        sample,
        "select count(*) from marts.customer_rfm "
        "where rfm_segment in ('At risk', 'Lost') and net_amount >= 500",
    )
    assert 0 < count < 1000
    found = app.dataframe[1].value
    assert len(found) == count
    assert set(found["rfm_segment"]) == set(chosen)
    checked(app.text_input[0].set_value("no such customer").run())
    assert app.dataframe[1].value.empty


def test_schemes_of_segments_can_be_chosen(sample):
    app = run("segments")
    schemes = rows(
        sample,
        "select scheme, count(*) from marts.segment_profiles "
        "where is_chosen or algorithm in ('rules', 'hdbscan') group by scheme",
    )
    assert len(app.selectbox[0].options) > len(schemes) > 5
    for scheme, count in schemes:
        checked(app.selectbox[0].set_value(scheme).run())
        assert len(app.dataframe[0].value) == count


def test_every_prediction_can_be_chosen(sample):
    app = run("predictions")
    targets = {
        target: status
        for target, status in rows(
            sample, "select target, status from evidence.chosen_models"
        )
    }
    assert len(app.selectbox[0].options) == len(targets) > 10
    for target, status in targets.items():
        checked(app.selectbox[0].set_value(target).run())
        assert ("Not enough data" in infos(app)) == (status == "not served")


def test_predicted_customers_are_filtered_by_tier(sample):
    app = run("predictions")
    assert set(app.dataframe[0].value["tier"]) == {"high"}
    checked(app.multiselect[0].set_value(["low"]).run())
    assert set(app.dataframe[0].value["tier"]) == {"low"}


def test_horizon_and_tier_of_lifetime_value(sample):
    app = run("lifetime_value")
    first = app.metric[0].value
    checked(app.get("button_group")[0].set_value(365).run())
    ((amount,),) = rows(
        sample,
        "select predicted_amount from evidence.lifetime_value_totals "
        "where horizon_days = 365",
    )
    assert first != app.metric[0].value == words.amount(float(amount), "GBP")
    checked(app.multiselect[0].set_value(["top 1%"]).run())
    assert set(app.dataframe[0].value["value_tier"]) == {"top 1%"}


def test_campaigns_are_filtered(sample):
    app = run("campaigns")
    counts = dict(
        rows(
            sample,
            "select assignment, count(*) from marts.campaign_audiences group by all",
        )
    )
    assert app.metric[0].value == f"{counts['contact']:,}"
    assert set(app.dataframe[0].value["assignment"]) == {"contact"}
    checked(app.multiselect[1].set_value(["hold_out"]).run())
    assert len(app.dataframe[0].value) == min(counts["hold_out"], 1000)
    campaign = app.dataframe[0].value["campaign"].iloc[0]
    checked(app.multiselect[0].set_value([campaign]).run())
    assert set(app.dataframe[0].value["campaign"]) == {campaign}


def test_rules_are_searched(sample):
    app = run("baskets")
    word = app.dataframe[0].value["consequent"].iloc[0].split()[0]
    checked(app.text_input[0].set_value(word.lower()).run())
    found = app.dataframe[0].value
    assert len(found) > 0
    assert (found["antecedent"] + found["consequent"]).str.contains(word).all()
    checked(app.text_input[0].set_value("no such product").run())
    assert "No rule fits" in infos(app)


def test_offers_are_searched_by_product(sample):
    app = run("recommendations")
    word = app.dataframe[0].value["repeat_product"].iloc[0].split()[-1]
    checked(app.text_input[0].set_value(word.lower()).run())
    found = app.dataframe[0].value
    offered = found["repeat_product"].fillna("") + found["discovery_product"].fillna("")
    assert offered.str.contains(word).all()
    assert 0 < len(found) < 1000


def test_overview_is_filtered_by_country_and_period(sample):
    app = run("overview")
    everything = app.metric[1].value
    checked(app.selectbox[0].set_value("2024").run())
    checked(app.multiselect[0].set_value(["Germany"]).run())
    ((count,),) = rows(
        sample,
        "select count(*) from marts.orders where country = 'Germany' "
        "and year(ordered_at) = 2024 and not is_fully_returned",
    )
    assert app.metric[1].label == "Orders"
    assert everything != app.metric[1].value == f"{count:,}"


@pytest.mark.parametrize(
    "page", ["rfm", "predictions", "lifetime_value", "campaigns", "recommendations"]
)
def test_customers_are_filtered_by_country_and_lead_to_their_page(page, sample):
    app = run(page)
    if page == "predictions":
        # Not those at high risk alone.
        checked(app.multiselect[0].set_value([]).run())
    (countries,) = (one for one in app.multiselect if one.label == "Country")
    checked(countries.set_value(["Germany"]).run())
    found = next(
        frame.value for frame in app.dataframe if "customer_id" in frame.value.columns
    )
    assert set(found["country"]) == {"Germany"}
    assert found["customer_id"].str.match(r"customer\?id=\d+$").all()


@pytest.mark.parametrize("page", ["predictions", "lifetime_value", "recommendations"])
def test_charts_of_the_past_are_one_click_below(page, sample):
    app = run(page)
    before = len(app.get("vega_lite_chart"))
    (toggle,) = (one for one in app.toggle if "in the past" in one.label)
    checked(toggle.set_value(True).run())
    assert len(app.get("vega_lite_chart")) >= before + 2


# --- One customer.


def test_customer_shows_all_that_is_known(sample):
    app = run("customer")
    ((customer, order_count),) = rows(
        sample,
        "select customer_id, order_count from marts.customers "
        "where customer_id in (select customer_id from marts.customer_recommendations) "
        "order by order_count desc, customer_id limit 1",
    )
    checked(app.text_input[0].set_value(customer).run())
    assert app.metric[1].value == str(order_count)
    assert len(app.dataframe[0].value) >= order_count
    told = "\n".join(text.value for text in app.markdown)
    for part in ("**Action:**", "Offer again:", "still is", "next order is expected"):
        assert part in told
    assert app.query_params["id"] == customer


def test_customer_is_found_by_the_address(sample):
    ((customer,),) = rows(sample, "select max(customer_id) from marts.customers")
    app = AppTest.from_string(
        "from customer_analytics.dashboard.views import customer\ncustomer.page()",
        default_timeout=60,
    )
    app.query_params["id"] = customer
    assert checked(app.run()).text_input[0].value == customer


def test_customer_without_orders_has_attributes_and_groups(
    attributes_alone, monkeypatch
):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(attributes_alone))
    app = run("customer")
    assert "No order of theirs was kept" in infos(app)
    groups, attributes = (frame.value for frame in app.dataframe)
    assert groups["grouping"].tolist() == ["Attributes"]
    assert "Gender" in set(attributes["attribute_name"])


def test_part_of_an_id_leads_to_those_that_hold_it(sample):
    app = run("customer")
    checked(app.text_input[0].set_value("123").run())
    assert "There is no customer '123'" in infos(app)
    told = app.markdown[-1].value
    ((first,),) = rows(
        sample,
        "select customer_id from marts.customers where customer_id like '%123%' "
        "order by len(customer_id), customer_id limit 1",
    )
    assert f"[{first}](customer?id={first})" in told
    checked(app.text_input[0].set_value("nobody").run())
    assert "There is no customer 'nobody'" in infos(app)


def test_every_customer_has_a_page(sample):
    # Of each kind the extremes: one order, all returned, only just won.
    kinds = rows(
        sample,
        "select min_by(customer_id, order_count), max_by(customer_id, returned_amount),"
        " max_by(customer_id, first_ordered_at), min_by(customer_id, net_amount), "
        "min_by(customer_id, last_ordered_at) from marts.customers",
    )[0]
    app = run("customer")
    for customer in kinds:
        checked(app.text_input[0].set_value(customer).run())
        assert app.query_params["id"] == customer
        assert not any("nan" in metric.value for metric in app.metric)


# --- Since the last build.


def test_changes_say_what_differs(sample, changed, published_sample, monkeypatch):
    with duckdb.connect(str(sample), read_only=True) as connection:
        assert connection.sql(
            "select count(*) from evidence.build_comparison "
            "where value_before is not null"
        ).fetchall() == [(0,)]
    later = changed(
        "update evidence.build_comparison set value_before = value_now, "
        "model_before = model_now, as_of_date_before = as_of_date_now - 30",
        "update evidence.build_comparison set value_before = value_now / 1.1 "
        "where measure = 'orders'",
    )
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(later))
    app = run("changes")
    assert "1 of" in app.markdown[-1].value
    assert app.dataframe[0].value["change"].tolist() == ["+10 %"]
    assert len(app.dataframe) == 1
    checked(app.toggle[0].set_value(True).run())
    assert len(app.dataframe) == 4


def test_products_and_signals_are_filtered(sample):
    app = run("products")
    checked(app.get("button_group")[0].set_value(["rising"]).run())
    assert set(app.dataframe[0].value["signal"]) == {"rising"}
    code = app.dataframe[1].value["product_id"].iloc[3]
    checked(app.text_input[0].set_value(code.lower()).run())
    assert code in set(app.dataframe[1].value["product_id"])


def test_first_cohort_can_be_shown(sample):
    app = run("cohorts")
    ((count,),) = rows(
        sample, "select count(*) from marts.cohort_retention where is_first_cohort"
    )
    without = len(app.dataframe[0].value)
    checked(app.toggle[0].set_value(True).run())
    assert len(app.dataframe[0].value) - without == count > 0


def test_excluded_lines_are_shown_by_reason(sample):
    app = run("data_quality")
    checked(app.selectbox[0].set_value("stock write off").run())
    ((count,),) = rows(
        sample,
        "select count(*) from marts.excluded_lines "
        "where exclusion_reason = 'stock_write_off'",
    )
    assert len(app.dataframe[0].value) == count > 0


# --- The published file.


def test_app_opens_with_what_to_know_today(sample):
    app = checked(AppTest.from_file(app_path(), default_timeout=60).run())
    assert app.header[0].value == "Today"
    told = [text.value for text in app.markdown if text.value.endswith(".")]
    # The question, and five sentences.
    assert len(told) == 6
    assert [link.proto.page for link in app.get("page_link")] == [
        *("overview", "rfm", "predictions", "lifetime_value", "campaigns", "changes")
    ]


def test_app_without_a_published_file_names_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(tmp_path / "none"))
    app = checked(AppTest.from_file(app_path(), default_timeout=60).run())
    assert "There is no published file yet" in infos(app)
    assert app.code[0].value == "make build"


def test_app_names_what_an_older_file_lacks(changed, monkeypatch):
    older = changed("drop table marts.orders")
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(older))
    app = checked(AppTest.from_file(app_path(), default_timeout=60).run())
    assert "made by another version" in infos(app)
    assert "orders" in infos(app)


def test_new_publication_is_read(changed, monkeypatch):
    folder = changed()
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(folder))
    app = run("overview")
    assert app.metric[0].value.startswith("GBP")
    newer = changed("update marts.data_span set currency = 'XTS'")
    os.replace(newer / PUBLISHED_NAME, folder / PUBLISHED_NAME)
    checked(app.run())
    assert app.metric[0].value.startswith("XTS")


def test_file_is_let_go_and_left_as_it_was(changed, monkeypatch):
    folder = changed()
    monkeypatch.setenv(WAREHOUSE_VARIABLE, str(folder))
    published = folder / PUBLISHED_NAME
    before = published.read_bytes()
    for page in PAGES:
        run(page)
    assert published.read_bytes() == before
    # A second connection with other settings fails while one is open.
    with duckdb.connect(str(published)) as connection:
        connection.execute("drop table marts.orders")
