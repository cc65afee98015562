"""Dated events, read and checked."""

from datetime import datetime

import duckdb
import pytest

from customer_analytics.input.events import Source, prepare_events
from customer_analytics.input.files import InputFile, kind_of
from customer_analytics.input.problems import InputError
from customer_analytics.input.settings import Settings


@pytest.fixture
def cursor():
    return duckdb.connect()


def prepare(cursor, *paths, relation="", **settings):
    files = [InputFile(str(path), kind_of(str(path))) for path in paths]
    source, chosen = Source(files, relation), Settings(**settings)
    reads, notes = prepare_events(cursor, source, chosen, staging="events")
    rows = cursor.sql("select * exclude (tone) from events order by all").fetchall()
    return reads, notes, rows


def write(tmp_path, text, name="e.csv"):
    (tmp_path / name).write_text(text)
    return tmp_path / name


def problems_of(cursor, *paths, **settings):
    with pytest.raises(InputError) as caught:
        prepare(cursor, *paths, **settings)
    return caught.value.problems


def test_none(cursor):
    assert prepare(cursor) == ([], [], [])


def test_ids_dates_types_and_values_are_read(tmp_path, cursor):
    path = write(
        tmp_path,
        "Customer ID;Date;Type;Stars;Comment\n"
        "13085.0;13/02/2024 10:30;E-mail opened;;\n"
        "13086;2024-03-01;Review;4,5; Lovely \n"
        ";2024-03-02;Review;5,0;\n",
    )
    reads, notes, rows = prepare(cursor, path)
    assert rows == [
        ("13085", datetime(2024, 2, 13, 10, 30), "e_mail_opened", None, None),
        ("13086", datetime(2024, 3, 1), "review", 4.5, "Lovely"),
    ]
    assert (reads[0].role, reads[0].row_count) == ("customer_events", 3)
    assert reads[0].date_order == "day_first"
    assert notes[0] == "1 of 3 events have no customer_id and are left out"


def test_a_typed_relation_in_the_shops_time(cursor):
    cursor.execute("set timezone = 'UTC'")
    cursor.execute(
        "create table visits as select 7 as client, "
        "timestamptz '2024-07-01 23:30:00+00' as event_at, 'visit' as event_type"
    )
    chosen = {"customer_id": "client"}
    reads, _, rows = prepare(
        *(cursor,),
        relation="visits",
        customer_event_columns=chosen,
        time_zone="Europe/London",
    )
    assert rows == [("7", datetime(2024, 7, 2, 0, 30), "visit", None, None)]
    assert reads[0].kind == "relation"


def test_all_that_is_wrong_is_told_at_once(tmp_path, cursor):
    first = write(tmp_path, "Client,What\n7,visit\n", "a.csv")
    second = write(tmp_path, "customer_id,event_at,event_type\n", "b.csv")
    problems = problems_of(
        cursor, first, second, customer_event_columns={"kind": "What"}
    )
    assert "'kind' is not a column of ours" in problems[0]
    assert "no column for event_at, event_type" in problems[1]
    assert "maps kind to 'What', which is no column here" in problems[2]


def test_unreadable_values_name_one_and_the_way_out(tmp_path, cursor):
    path = write(
        tmp_path,
        "customer_id,event_at,event_type,value\n1.2E+10,soon,visit,many\n7,2024-01-01,,2\n",
    )
    lost, undated, untyped, number = problems_of(cursor, path)
    assert "'1.2E+10'" in lost and "digits are lost" in lost
    assert "1 value of 2 such as 'soon'" in undated
    assert "max_unreadable_share (now 0.01) above 0.5" in undated
    assert "event_type is blank in 1 row of 2" in untyped
    assert "'many' cannot be read as a number" in number
    path.write_text(path.read_text().replace("1.2E+10", "12"))
    _, notes, rows = prepare(cursor, path, max_unreadable_share=0.5)
    assert rows == []
    assert "2 of 2 events have no readable event_at" in notes[0]


def test_a_day_that_may_be_a_month_asks(tmp_path, cursor):
    path = write(tmp_path, "customer_id,event_at,event_type\n7,3/4/2024,visit\n")
    (problem,) = problems_of(cursor, path)
    assert "event_at: 1 date such as '3/4/2024'" in problem
    *_, rows = prepare(cursor, path, transactions_date_order="month_first")
    assert rows[0][1] == datetime(2024, 3, 4)


def test_a_file_without_rows_or_with_another_encoding(tmp_path, cursor):
    empty = write(tmp_path, "customer_id,event_at,event_type\n")
    assert "a header but no rows" in problems_of(cursor, empty)[0]
    coded = tmp_path / "c.csv"
    coded.write_bytes(
        "customer_id,event_at,event_type\n7,2024-01-01,für\n".encode("cp1252")
    )
    assert "{customer_events_encoding: cp1252}" in problems_of(cursor, coded)[0]
    *_, rows = prepare(cursor, coded, customer_events_encoding="cp1252")
    assert rows[0][2] == "für"
