"""Publishing: all or nothing, and readers are never disturbed."""

import csv
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb
import pytest

from customer_analytics import publishing
from customer_analytics.publishing import (
    PublishError,
    Table,
    expected_tables,
    id_salt,
    publish,
)

CUSTOMERS = Table(
    "marts",
    "customers",
    'One row per customer; it\'s the "first" table.',
    {"customer_id": "The customer's id.", "odd \"name'": "With \"both\" 'quotes'."},
)
SEGMENTS = Table("reference", "rfm_segments", "Segment names.")


@pytest.fixture
def build_path(tmp_path):
    path = tmp_path / "build.duckdb"
    write_build(path, 3)
    return path


def write_build(path, count):
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            create schema if not exists marts;
            create schema if not exists reference;
            create schema if not exists intermediate;
            create or replace table marts.customers as
            select i::varchar as customer_id, i * 1.5::decimal(9, 2) as "odd ""name'"
            from range({count}) as r(i);
            create or replace table reference.rfm_segments as select 'Lost' as segment;
            create or replace table intermediate.int_orders as select 1 as order_id;
        """)


def publish_all(build_path):
    return publish(build_path, build_path.parent, [CUSTOMERS, SEGMENTS])


def rows(path, sql):
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def published_files(folder):
    paths = [folder / "customer_analytics.duckdb", *folder.glob("exports/*")]
    return {path.name: path.read_bytes() for path in paths}


def test_published_are_the_listed_tables_and_all_schemas(build_path):
    path = publish_all(build_path)
    assert path == build_path.parent / "customer_analytics.duckdb"
    assert rows(
        path,
        "select schema_name, table_name from duckdb_tables() order by all",
    ) == [("marts", "customers"), ("reference", "rfm_segments")]
    assert rows(
        path,
        "select schema_name from duckdb_schemas() where database_name = "
        "'customer_analytics' and not internal order by 1",
    ) == [("evidence",), ("marts",), ("reference",)]


def test_rows_and_types_are_those_of_the_build(build_path):
    select = "from marts.customers order by all"
    path = publish_all(build_path)
    assert rows(path, select) == rows(build_path, select)
    describe = "describe marts.customers"
    assert rows(path, describe) == rows(build_path, describe)


def test_comments_go_along_with_their_quotes(build_path):
    path = publish_all(build_path)
    assert rows(path, "select table_name, comment from duckdb_tables()") == [
        ("customers", CUSTOMERS.description),
        ("rfm_segments", SEGMENTS.description),
    ]
    assert (
        dict(
            rows(
                path,
                "select column_name, comment from duckdb_columns() "
                "where table_name = 'customers'",
            )
        )
        == CUSTOMERS.column_descriptions
    )


def test_file_is_in_the_storage_format_of_duckdb_1_4(build_path):
    assert rows(
        publish_all(build_path),
        "select tags['storage_version'] from duckdb_databases() "
        "where database_name = 'customer_analytics'",
    ) == [("v1.4.0+",)]


def test_exports_equal_the_tables(build_path):
    publish_all(build_path)
    exports = build_path.parent / "exports"
    assert sorted(path.name for path in exports.iterdir()) == [
        "customers.csv",
        "customers.parquet",
        "rfm_segments.parquet",
    ]
    assert duckdb.sql(
        f"from '{exports}/customers.parquet' order by all"
    ).fetchall() == rows(build_path, "from marts.customers order by all")


def test_what_goes_into_spreadsheets_is_csv_too(build_path):
    publish_all(build_path)
    with (build_path.parent / "exports" / "customers.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["customer_id", "odd \"name'"],
            ["0", "0.00"],
            ["1", "1.50"],
            ["2", "3.00"],
        ]


def test_folder_with_a_quote_in_its_name(tmp_path):
    folder = tmp_path / "it's [1]"
    folder.mkdir()
    write_build(folder / "build.duckdb", 2)
    path = publish_all(folder / "build.duckdb")
    assert rows(path, "select count(*) from marts.customers") == [(2,)]
    assert (folder / "exports" / "customers.parquet").exists()


def test_exports_of_tables_now_gone_are_removed(build_path):
    publish_all(build_path)
    exports = build_path.parent / "exports"
    (exports / "notes.txt").write_text("not ours")
    (exports / "customer_network.graphml").write_text("made from the last file")
    (exports / "mine.csv").write_text("not ours")
    publish(build_path, build_path.parent, [SEGMENTS])
    assert sorted(path.name for path in exports.iterdir()) == [
        "customer_network.graphml",
        "mine.csv",
        "notes.txt",
        "rfm_segments.parquet",
    ]


def test_missing_table_changes_nothing(build_path):
    publish_all(build_path)
    before = published_files(build_path.parent)
    missing = [CUSTOMERS, Table("marts", "orders"), Table("evidence", "lift")]
    with pytest.raises(PublishError, match=r"build: marts\.orders, evidence\.lift"):
        publish(build_path, build_path.parent, missing)
    assert published_files(build_path.parent) == before


def test_missing_build_changes_nothing(build_path):
    publish_all(build_path)
    before = published_files(build_path.parent)
    with pytest.raises(PublishError, match="could not publish to"):
        publish(build_path.parent / "none.duckdb", build_path.parent, [CUSTOMERS])
    assert published_files(build_path.parent) == before
    assert not (build_path.parent / "none.duckdb").exists()


def count_in_another_process(path):
    # Within one process DuckDB would share the file that is already open.
    script = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1], read_only=True); "
        "print(connection.sql('select count(*) from marts.customers').fetchall()[0][0])"
    )
    command = [sys.executable, "-c", script, str(path)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def test_open_reader_keeps_what_it_had_and_new_ones_see_the_new(build_path):
    path = publish_all(build_path)
    count = "select count(*) from marts.customers"
    with duckdb.connect(str(path), read_only=True) as reader:
        assert reader.execute(count).fetchall() == [(3,)]
        write_build(build_path, 5)
        publish_all(build_path)
        assert reader.execute(count).fetchall() == [(3,)]
        assert count_in_another_process(path) == 5


@pytest.mark.parametrize("step", ["_write_database", "_write_exports"])
def test_interrupted_publish_leaves_the_old_files(build_path, monkeypatch, step):
    publish_all(build_path)
    before = published_files(build_path.parent)
    write_build(build_path, 5)
    finish = getattr(publishing, step)

    def interrupted(*arguments):
        finish(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(publishing, step, interrupted)
    with pytest.raises(KeyboardInterrupt):
        publish_all(build_path)
    assert published_files(build_path.parent) == before
    assert list(build_path.parent.glob("*.unfinished*")) == []


def test_leftovers_of_a_killed_publish_are_removed(build_path):
    folder = build_path.parent
    (folder / "customer_analytics.duckdb.unfinished").write_text("half")
    (folder / "customer_analytics.duckdb.unfinished.wal").write_text("half")
    (folder / "exports" / ".unfinished").mkdir(parents=True)
    (folder / "exports" / ".unfinished" / "old.parquet").write_text("half")
    path = publish_all(build_path)
    assert rows(path, "select count(*) from marts.customers") == [(3,)]
    assert list(folder.rglob("*unfinished*")) == []
    assert not (folder / "exports" / "old.parquet").exists()


# --- Ids that are hashed.

SALT = "it's long and random"
ORDERS = Table("marts", "orders")
PROFILE = Table("marts", "data_profile")


def hashed(identifier):
    return hashlib.sha256((SALT + identifier).encode()).hexdigest()


@pytest.fixture
def hashed_path(build_path):
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("""
            create table marts.orders as
            select * from (values
                ('1-2011-01-05', '1', 'ann', 7.5), ('536365', '2', 'bob', 8),
                ('536366', null, 'guest', 9)
            ) as orders (order_id, customer_id, note, net_amount);
            create table marts.data_profile as
            select
                column_name, 'a' as lowest_value, 'b' as p25_value,
                'c' as median_value, 'd' as p75_value, 'e' as highest_value,
                'a (2), b (1)' as top_values, 3 as line_count
            from (values ('customer_id'), ('invoice'), ('country')) as c (column_name);
        """)
    tables = [CUSTOMERS, SEGMENTS, ORDERS, PROFILE]
    return publish(build_path, build_path.parent, tables, salt=SALT)


def test_ids_are_the_hash_of_salt_and_id_in_every_file(hashed_path):
    expected = sorted((hashed(str(i)), float(i * 1.5)) for i in range(3))
    exports = hashed_path.parent / "exports"
    customers = 'select customer_id, "odd ""name\'"::double from '
    assert rows(hashed_path, f"{customers} marts.customers") == expected
    for name in ("customers.parquet", "customers.csv"):
        assert duckdb.sql(f"{customers} '{exports}/{name}'").fetchall() == expected


def test_orders_still_join_and_guests_stay_guests(hashed_path):
    assert rows(
        hashed_path,
        "select order_id, orders.customer_id, customers.customer_id, note "
        "from marts.orders left join marts.customers using (customer_id) order by note",
    ) == [
        (hashed("1-2011-01-05"), hashed("1"), hashed("1"), "ann"),
        (hashed("536365"), hashed("2"), hashed("2"), "bob"),
        (hashed("536366"), None, None, "guest"),
    ]


def test_place_of_a_row_does_not_tell_the_id(hashed_path, build_path):
    ids = "select customer_id from marts.customers"
    found = [identifier for (identifier,) in rows(hashed_path, ids)]
    assert found == sorted(found)
    assert found != [hashed(identifier) for (identifier,) in rows(build_path, ids)]


def test_profile_of_ids_quotes_none(hashed_path):
    quoted = ", ".join(publishing.QUOTING_COLUMNS)
    assert rows(
        hashed_path,
        f"select column_name, {quoted}, line_count from marts.data_profile",
    ) == [
        ("country", "a", "b", "c", "d", "e", "a (2), b (1)", 3),
        ("customer_id", None, None, None, None, None, None, 3),
        ("invoice", None, None, None, None, None, None, 3),
    ]


def test_hashing_keeps_types_and_comments(hashed_path, build_path):
    describe = "describe marts.customers"
    assert rows(hashed_path, describe) == rows(build_path, describe)
    assert rows(
        hashed_path, "select comment from duckdb_tables() where table_name='customers'"
    ) == [(CUSTOMERS.description,)]


def test_graphs_of_an_earlier_file_do_not_stay_beside_hashed_ids(build_path):
    publish_all(build_path)
    graph = build_path.parent / "exports" / "customer_network.graphml"
    graph.write_text("customer 1")
    publish(build_path, build_path.parent, [CUSTOMERS], salt=SALT)
    assert not graph.exists()


@pytest.mark.parametrize(
    "column",
    ["customer_id", "customer_id_a", "customer_id_b", "order_id", "order_line_id"]
    + ["excluded_line_id", "invoice"],
)
def test_id_columns(column):
    assert publishing.ID_COLUMN.fullmatch(column)


@pytest.mark.parametrize(
    "column",
    ["product_id", "model_run_id", "segment_id_rfm", "invoice_date", "rule_id"],
)
def test_other_columns_stay(column):
    assert not publishing.ID_COLUMN.fullmatch(column)


def test_salt_comes_from_the_environment():
    assert id_salt({}) is None
    assert id_salt({"CUSTOMER_ANALYTICS_ID_SALT": SALT}) == SALT


@pytest.mark.parametrize("salt", ["", " \t"])
def test_empty_salt_is_refused(salt):
    with pytest.raises(
        PublishError, match="CUSTOMER_ANALYTICS_ID_SALT is set but empty"
    ):
        id_salt({"CUSTOMER_ANALYTICS_ID_SALT": salt})


def test_problems_do_not_tell_the_salt(build_path, monkeypatch):
    monkeypatch.setattr(publishing, "QUOTING_COLUMNS", ("no_such_column",))
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("create table marts.data_profile as select 1 as column_name")
    with pytest.raises(PublishError, match="no_such_column") as problem:
        publish(build_path, build_path.parent, [CUSTOMERS, PROFILE], salt=SALT)
    assert SALT not in str(problem.value)


# --- What is to be published, from dbt's target folder.


def node(schema, name, resource_type="model", **columns):
    return {
        "schema": schema,
        "alias": name,
        "description": f"About {name}.",
        "resource_type": resource_type,
        "columns": {
            column: {"name": column, "description": text}
            for column, text in columns.items()
        },
    }


def write_target(folder, nodes, **statuses):
    manifest = {"nodes": {str(i): value for i, value in enumerate(nodes)}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    results = [{"unique_id": key, "status": value} for key, value in statuses.items()]
    (folder / "run_results.json").write_text(json.dumps({"results": results}))
    return folder


def test_expected_are_models_and_seeds_of_published_schemas(tmp_path):
    nodes = [
        node("reference", "countries", "seed"),
        node("marts", "orders", order_id="The id."),
        node("intermediate", "int_orders"),
        node("marts", "assert_orders", "test"),
        node("evidence", "lift"),
    ]
    assert expected_tables(write_target(tmp_path, nodes, a="success", b="pass")) == [
        Table("evidence", "lift", "About lift."),
        Table("marts", "orders", "About orders.", {"order_id": "The id."}),
        Table("reference", "countries", "About countries."),
    ]


@pytest.mark.parametrize("status", sorted(publishing.FAILED_STATUSES))
def test_failed_run_is_not_published(tmp_path, status):
    target = write_target(
        tmp_path, [node("marts", "orders")], good="success", bad=status
    )
    with pytest.raises(
        PublishError, match="1 failed or skipped nodes, the first is bad"
    ):
        expected_tables(target)


def test_no_build_yet(tmp_path):
    with pytest.raises(PublishError, match="run 'make build' first"):
        expected_tables(tmp_path)


def test_a_log_left_beside_the_published_file_does_not_spoil_the_next(build_path):
    path = publish_all(build_path)
    # A client that writes and is killed leaves its log behind.
    script = (
        "import duckdb, os, sys; c = duckdb.connect(sys.argv[1]); "
        "c.execute(\"set wal_autocheckpoint = '1TB'\"); "
        "c.execute('create table marts.mine as select 1'); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True)
    assert path.with_name("customer_analytics.duckdb.wal").exists()
    write_build(build_path, 4)
    publish_all(build_path)
    assert rows(path, "select count(*) from marts.customers") == [(4,)]
    assert rows(path, "select count(*) from duckdb_tables()") == [(2,)]


def test_links_stay_links_and_what_they_lead_to_is_replaced(build_path):
    folder, elsewhere = build_path.parent, build_path.parent / "elsewhere"
    (elsewhere / "exports").mkdir(parents=True)
    (elsewhere / "shop.duckdb").write_text("old")
    (folder / "customer_analytics.duckdb").symlink_to(elsewhere / "shop.duckdb")
    (folder / "exports").symlink_to(elsewhere / "exports")
    publish_all(build_path)
    assert (folder / "customer_analytics.duckdb").is_symlink()
    assert (folder / "exports").is_symlink()
    count = "select count(*) from marts.customers"
    assert rows(elsewhere / "shop.duckdb", count) == [(3,)]
    assert (elsewhere / "exports" / "customers.parquet").exists()
    assert sorted(path.name for path in elsewhere.iterdir()) == [
        *("exports", "shop.duckdb"),
    ]


def test_a_log_left_beside_a_link_does_not_spoil_the_next(build_path):
    folder = build_path.parent
    (folder / "elsewhere").mkdir()
    link = folder / "customer_analytics.duckdb"
    link.symlink_to(folder / "elsewhere" / "shop.duckdb")
    logs = [folder / f"{link.name}.wal", folder / "elsewhere" / "shop.duckdb.wal"]
    for log in logs:
        log.write_text("left by a client")
    publish_all(build_path)
    assert [log for log in logs if log.exists()] == []
    assert rows(link, "select count(*) from marts.customers") == [(3,)]


def test_a_linked_export_stays_a_link(build_path):
    exports = build_path.parent / "exports"
    exports.mkdir()
    (build_path.parent / "mailing.csv").write_text("old")
    (exports / "customers.csv").symlink_to(build_path.parent / "mailing.csv")
    publish_all(build_path)
    assert (exports / "customers.csv").is_symlink()
    assert "1.50" in (build_path.parent / "mailing.csv").read_text()


def test_an_export_that_cannot_be_replaced_is_told_before_any_is(build_path):
    publish_all(build_path)
    before = rows(
        build_path.parent / "customer_analytics.duckdb", "from marts.customers"
    )
    (build_path.parent / "exports" / "customers.csv").unlink()
    (build_path.parent / "exports" / "customers.csv").mkdir()
    write_build(build_path, 5)
    with pytest.raises(PublishError, match=r"customers\.csv' is a folder"):
        publish_all(build_path)
    path = build_path.parent / "customer_analytics.duckdb"
    assert rows(path, "from marts.customers") == before


def test_exports_may_lie_on_another_file_system(build_path):
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == build_path.stat().st_dev:
        pytest.skip("no second file system at /dev/shm")
    with tempfile.TemporaryDirectory(dir=memory) as elsewhere:
        (build_path.parent / "exports").symlink_to(elsewhere)
        publish_all(build_path)
        assert sorted(path.name for path in Path(elsewhere).iterdir()) == [
            *("customers.csv", "customers.parquet", "rfm_segments.parquet"),
        ]
        # The same for one file of them, which is copied there first.
        (build_path.parent / "exports").unlink()
        (build_path.parent / "exports").mkdir()
        link = build_path.parent / "exports" / "customers.csv"
        link.symlink_to(Path(elsewhere) / "customers.csv")
        write_build(build_path, 9)
        publish_all(build_path)
        assert link.is_symlink()
        assert "12.00" in (Path(elsewhere) / "customers.csv").read_text()
        assert not list(Path(elsewhere).glob("*.unfinished"))


def test_folder_with_an_apostrophe(tmp_path):
    folder = tmp_path / "Jane's shop"
    folder.mkdir()
    write_build(folder / "build.duckdb", 3)
    path = publish_all(folder / "build.duckdb")
    assert rows(path, "select count(*) from marts.customers") == [(3,)]


def test_tables_of_two_inputs_are_not_published_together(build_path):
    publish_all(build_path)
    before = published_files(build_path.parent)
    orders = Table("marts", "orders")
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("""
            create table marts.orders as select 1 as order_id;
            create schema raw;
            create table raw.table_origins as select * from (values
                ('marts', 'customers', 'a', 'old.csv'),
                ('marts', 'orders', 'b', 'new.csv as of 2024-01-01'),
                ('intermediate', 'int_orders', 'c', 'older.csv')
            ) as t(table_schema, table_name, origin, input)
        """)
    tables = [CUSTOMERS, orders, SEGMENTS]
    with pytest.raises(PublishError) as caught:
        publish(build_path, build_path.parent, tables)
    told = str(caught.value)
    assert "1 of old.csv (marts.customers)" in told
    assert "1 of new.csv as of 2024-01-01 (marts.orders)" in told
    assert "older.csv" not in told
    assert published_files(build_path.parent) == before
    # The tables of one input alone may be published.
    publish(build_path, build_path.parent, [CUSTOMERS, SEGMENTS])


def test_tables_of_an_unfinished_build_are_not_published(build_path):
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("""
            create schema raw;
            create table raw.table_origins as select
                'marts' as table_schema, 'customers' as table_name,
                'unfinished' as origin, 'a build that did not finish' as input
        """)
    told = r"1 of a build that did not finish \(marts\.customers\)"
    with pytest.raises(PublishError, match=told):
        publish_all(build_path)


def test_a_log_of_which_no_line_was_kept_is_not_published(build_path):
    publish_all(build_path)
    before = published_files(build_path.parent)
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("""
            create table marts.order_lines as select 1 as order_line_id where false;
            create table marts.excluded_lines as
            select unnest(['unreadable', 'unreadable', 'not_a_product'])
                as exclusion_reason
        """)
    with pytest.raises(PublishError, match=r"\(2 unreadable, 1 not_a_product\)"):
        publish_all(build_path)
    assert published_files(build_path.parent) == before
    with duckdb.connect(str(build_path)) as connection:
        # Without an order log there are no lines to keep.
        connection.execute("delete from marts.excluded_lines")
    publish_all(build_path)


def test_cells_that_a_spreadsheet_would_run_are_text_in_csv(build_path):
    # In the order that customers are published in.
    names = ["\tb", "+44", "-5", "=1+1", "@a", "a=b", "plain", None]
    with duckdb.connect(str(build_path)) as connection:
        connection.execute(
            "create or replace table marts.customers as "
            "select unnest(?) as customer_id, -1.5 as amount",
            [names],
        )
    path = publish(build_path, build_path.parent, [Table("marts", "customers")])
    with open(path.parent / "exports" / "customers.csv", newline="") as file:
        written = [row[0] for row in csv.reader(file)][1:]
    assert written == ["'\tb", "'+44", "'-5", "'=1+1", "'@a", "a=b", "plain", ""]
    found = rows(path, "select customer_id, amount::double from marts.customers")
    assert found == [(name, -1.5) for name in names]


@pytest.mark.parametrize("salt", [None, "a salt"])
def test_rows_of_a_customer_are_side_by_side(build_path, salt):
    with duckdb.connect(str(build_path)) as connection:
        connection.execute("""
            create or replace table marts.customers as
            select number as order_number, (7 * number) % 10 || '' as customer_id
            from (select unnest(range(1000)) as number)
        """)
    path = publish(
        build_path, build_path.parent, [Table("marts", "customers")], salt=salt
    )
    ids = [id_ for (id_,) in rows(path, "select customer_id from marts.customers")]
    assert len(set(ids)) == 10
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("has_prices", "expected"),
    [(True, (2.5, 1.5, 0.25, 3)), (False, (None,) * 2 + (0.25, 3))],
)
def test_a_log_without_prices_publishes_no_amounts(build_path, has_prices, expected):
    with duckdb.connect(str(build_path)) as connection:
        connection.execute(f"""
            create table intermediate.int_log_facts as
            select {has_prices} as has_prices;
            create or replace table marts.customers as
            select
                2.5::decimal(18, 4) as net_amount, 1.5::double as median_unit_price,
                0.25::double as net_amount_share, 3 as order_count
        """)
    path = publish(build_path, build_path.parent, [Table("marts", "customers")])
    found = rows(
        path,
        "select net_amount::double, median_unit_price, net_amount_share, order_count "
        "from marts.customers",
    )
    assert found == [expected]
    assert rows(path, "select typeof(net_amount) from marts.customers") == [
        ("DECIMAL(18,4)",)
    ]
