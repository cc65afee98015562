"""The summary at the end of a build."""

from datetime import datetime

import duckdb
import pytest

from customer_analytics.summary import build_summary, has_order_log

TABLES = """
    create schema raw;
    create table raw.input_files as select 'transactions' as role;
    create table raw.customer_attributes (
        customer_id varchar, attribute_name varchar
    );
    create table raw.customer_events (event_type varchar);
    create schema marts;
    create table marts.reconciliation as
    select * from (values
        ('lines', 1234567.0000::decimal(38, 4), 1234560, 7), ('amount', 9, 9, 0)
    ) as t(check_name, raw, kept, excluded);
    create table marts.excluded_lines (
        exclusion_reason varchar, stock_code varchar, line_amount decimal(18, 4)
    );
    create table raw.input_notes (note varchar);
    create table marts.customers (order_count int);
    create table marts.orders (
        is_fully_returned boolean, net_amount decimal(18, 4), ordered_date date
    );
    create schema intermediate;
    create table intermediate.int_log_facts as select true as has_prices;
    create schema evidence;
    create table evidence.cluster_selection as
    select * from (values
        ('rfm', 4, 'kmeans', true, true), ('rfm', 3, 'ward', false, true),
        ('habits', 3, 'ward', true, false), ('attributes', 0, 'none', false, false)
    ) as t(feature_set, k, algorithm, is_chosen, is_qualified);
    create table evidence.classifier_metrics (
        target varchar, n bigint, is_suspicious boolean, cutoff_date date, fold int
    );
    create table evidence.chosen_models (
        target varchar, model varchar, roc_auc double, reason varchar, warning varchar,
        protocol varchar
    );
"""
SEGMENTS = (
    "segments        none by attributes, 3 by habits (Ward, with care), "
    "4 by rfm (k-means)"
)
ATTRIBUTES_ALONE = """
    update raw.input_files set role = 'customer_attributes';
    insert into raw.customer_attributes values
    ('7', 'gender'), ('8', 'gender'), ('8', 'age');
"""
ROWS = """
    insert into marts.excluded_lines values
    ('unreadable', 'A', null), ('exact_duplicate', 'A', 2),
    ('not_a_product', ' post', 1999.6), ('exact_duplicate', 'A', 2);
    insert into marts.customers values (0), (1), (2), (9);
    insert into marts.orders values
    (true, 0, '2011-01-05'), (false, 1999.6, '2011-03-01'), (false, 1, '2011-02-01');
"""


def summary(path, *statements):
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)
    return build_summary(path).splitlines()


def test_summary_says_what_went_in_and_came_out(tmp_path):
    *lines, segments = summary(tmp_path / "build.duckdb", TABLES, ROWS)
    assert segments == SEGMENTS
    assert [line.split() for line in lines] == [
        ["lines", "read", "1,234,567"],
        ["kept", "1,234,560"],
        ["excluded", "7"],
        ["exact_duplicate", "2"],
        ["not_a_product", "1"],
        ["unreadable", "1"],
        ["POST", "(1", "worth", "2,000)"],
        ["customers", "4", "2", "with", "more", "than", "one", "order"],
        ["orders", "3", "1", "of", "them", "fully", "returned"],
        ["net", "amount", "2,001"],
        ["period", "2011-01-05", "to", "2011-03-01"],
    ]


@pytest.mark.parametrize("label", ["lines read", "  excluded", "    unreadable"])
def test_figures_stand_below_one_another(tmp_path, label):
    lines = summary(tmp_path / "build.duckdb", TABLES, ROWS)
    (line,) = [line for line in lines if line.startswith(label + " ")]
    assert len(line) == 28 if label != "    unreadable" else 36


def test_summary_of_no_orders(tmp_path):
    lines = summary(tmp_path / "build.duckdb", TABLES)
    assert "net amount                 0" in lines


def test_summary_of_a_log_without_prices_knows_no_amount(tmp_path):
    unpriced = "update intermediate.int_log_facts set has_prices = false"
    lines = summary(tmp_path / "build.duckdb", TABLES, ROWS, unpriced)
    assert "net amount           unknown" in lines


def test_summary_of_attributes_alone_names_no_lines(tmp_path):
    path = tmp_path / "build.duckdb"
    assert summary(path, TABLES, ATTRIBUTES_ALONE) == [
        "customers                  2   with attributes",
        "attributes                 2   age, gender",
        "orders                     0   no order log was given",
        SEGMENTS,
    ]
    assert not has_order_log(path)


def test_summary_of_many_attributes_stays_on_its_lines(tmp_path):
    many = (
        "insert into raw.customer_attributes "
        "select '7', 'attribute_' || i from range(50) r(i)"
    )
    lines = summary(tmp_path / "build.duckdb", TABLES, ATTRIBUTES_ALONE, many)
    assert "        52   age, attribute_0," in lines[1]
    assert lines[1].endswith(" [...]")
    assert max(len(line) for line in lines[:3]) <= 92


def test_notes_of_the_input_and_what_is_suspicious_end_it(tmp_path):
    told = """
        insert into raw.input_notes values (repeat('long ', 20) || 'note');
        insert into evidence.classifier_metrics values
        ('churn', 25, true, null, null), ('churn', 25, true, null, null),
        ('churn', 9, true, '2024-01-01', null), ('churn', 9, true, null, 1),
        ('win', 25, false, null, null);
    """
    lines = summary(tmp_path / "build.duckdb", TABLES, ROWS, told)
    assert lines[-3].startswith(
        "suspicious      churn: 2 of its models foretell nearly"
    )
    assert " 25 customers" in lines[-3]
    assert lines[-2].startswith("note            long long")
    assert lines[-1].startswith(" " * 16 + "long") and lines[-1].endswith("note")
    assert max(map(len, lines)) <= 110


def test_no_more_than_four_codes_that_are_no_product_are_named(tmp_path):
    codes = (
        "insert into marts.excluded_lines select 'not_a_product', 'C' || i, i "
        "from range(6) r(i)"
    )
    lines = summary(tmp_path / "build.duckdb", TABLES, codes)
    named = "C5 (1 worth 5), C4 (1 worth 4), C3 (1 worth 3), C2 (1 worth 2) and 2 more"
    assert f"      {named}" in lines


def test_summary_says_what_was_learned_and_what_was_known(tmp_path):
    path = tmp_path / "build.duckdb"
    learned = """
        create schema learned;
        create table learned.fits as
        select * from (values
            ('2024-01-02 10:00'::timestamp, '2024-01-02 10:00'::timestamp),
            ('2024-01-01 10:00', '2024-01-02 10:01'),
            ('2024-01-01 10:00', '2024-01-02 10:02'),
            ('2024-01-01 10:00', '2024-01-01 10:00')
        ) as t(learned_at, used_at);
    """
    with duckdb.connect(str(path)) as connection:
        connection.execute(TABLES + ROWS + learned)
    said = build_summary(path, datetime(2024, 1, 2, 9)).splitlines()
    assert "learned                    1   fits and back-tests; 2 were known" in said


def test_order_log_is_found(tmp_path):
    summary(tmp_path / "build.duckdb", TABLES)
    assert has_order_log(tmp_path / "build.duckdb")


def test_given_outcomes_are_told_with_what_may_know_them(tmp_path):
    told = """
        insert into evidence.chosen_models values
        ('churned', 'xgboost', 0.8504, 'best', 'may know the outcome: refund (alone)',
            'repeated stratified cross-validation'),
        ('plan', null, null, 'not enough data', null,
            'repeated stratified cross-validation'),
        ('purchase_90d', 'blend', 0.8, 'best', null, 'back-test out of time');
    """
    lines = summary(tmp_path / "build.duckdb", TABLES, ROWS, told)
    assert lines[-3:] == [
        "outcome         churned by XGBoost (ROC-AUC 0.850)",
        "                may know the outcome: refund (alone)",
        "outcome         plan not predicted: not enough data",
    ]


def test_events_are_counted_by_type_where_there_are_any(tmp_path):
    events = "insert into raw.customer_events values ('visit'), ('review'), ('visit');"
    lines = summary(tmp_path / "build.duckdb", TABLES, ROWS, events)
    assert "events                     3   review, visit" in lines
