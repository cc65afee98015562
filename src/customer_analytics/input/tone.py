"""The tone of words in English, by a lexicon (Hutto and Gilbert 2014)."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import duckdb
import numpy as np

from customer_analytics.input.problems import counted

PACKAGE = "vaderSentiment"
# Distinct texts judged at once.
BLOCK_SIZE = 20_000


def tone_version() -> str:
    """Return the version of the extra's library, '' where it is not installed."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return ""


def tone_of() -> Callable[[str], float]:
    """Return what gives a text its tone, from -1 (bad) to 1 (good); 0 = neither.

    Returns
    -------
    callable
        Of a text to the compound score of VADER, with four decimals. Its lexicon is
        English and made for short texts of ordinary people: words of other languages
        are neutral, irony is not seen.

    Raises
    ------
    ModuleNotFoundError
        Without the extra `tone`.

    References
    ----------
    Hutto and Gilbert (2014), VADER: A Parsimonious Rule-based Model for Sentiment
    Analysis of Social Media Text, ICWSM.
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return lambda text: float(analyser.polarity_scores(text)["compound"])


def add_tones(cursor: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Fill the column `tone` of a table by its column `text`, each text once.

    Parameters
    ----------
    cursor : DuckDBPyConnection
    table : str
        Quoted name.

    Returns
    -------
    list of str
        A note where there are words but not the extra; all tones are null then.
    """
    texts = cursor.execute(
        f"select distinct text from {table} where text is not null order by text"
    ).fetchnumpy()["text"]
    if not len(texts):
        return []
    if not tone_version():
        has = "has" if len(texts) == 1 else "have"
        return [
            f"{counted(len(texts), 'different text')} of events {has} no tone: install "
            "the extra `tone` (make tone)"
        ]
    tone = tone_of()
    cursor.execute(
        "create or replace temp table text_tones (text varchar, tone double)"
    )
    for start in range(0, len(texts), BLOCK_SIZE):
        block = texts[start : start + BLOCK_SIZE]
        tones = np.array([tone(text) for text in block])
        cursor.register("toned_block", {"text": block, "tone": tones})
        cursor.execute("insert into text_tones select text, tone from toned_block")
        cursor.unregister("toned_block")
    cursor.execute(
        f"update {table} as events set tone = text_tones.tone from text_tones "
        "where events.text = text_tones.text"
    )
    cursor.execute("drop table text_tones")
    return []
