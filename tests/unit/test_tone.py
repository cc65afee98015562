"""The tone of words that come with events."""

import duckdb
import pytest

from customer_analytics.input import tone


@pytest.fixture
def cursor():
    connection = duckdb.connect()
    connection.execute(
        "create table events as select unnest(['Great!', 'Great!', null]) as text, "
        "null::double as tone"
    )
    return connection


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # From the documentation of VADER (Hutto and Gilbert 2014).
        ("VADER is smart, handsome, and funny.", 0.8316),
        ("VADER is smart, handsome, and funny!", 0.8439),
        ("VADER is not smart, handsome, nor funny.", -0.7424),
        ("Today SUX!", -0.5461),
        # Other languages are neutral: a limit, not a judgement.
        ("Sehr schlechte Ware", 0.0),
    ],
)
def test_tones_are_the_published_ones(text, expected):
    assert tone.tone_of()(text) == expected


def test_every_text_has_its_tone(cursor):
    assert tone.add_tones(cursor, "events") == []
    rows = cursor.sql("select text, tone from events order by all").fetchall()
    great = tone.tone_of()("Great!")
    assert great > 0.5
    assert rows == [("Great!", great), ("Great!", great), (None, None)]


def test_without_the_extra_there_is_a_note(cursor, monkeypatch):
    monkeypatch.setattr(tone, "PACKAGE", "no-such-package")
    assert tone.tone_version() == ""
    (note,) = tone.add_tones(cursor, "events")
    assert note.startswith("1 different text of events has no tone")
    assert cursor.sql("select count(tone) from events").fetchall() == [(0,)]


def test_without_words_there_is_no_note(cursor, monkeypatch):
    monkeypatch.setattr(tone, "PACKAGE", "no-such-package")
    cursor.execute("update events set text = null")
    assert tone.add_tones(cursor, "events") == []
