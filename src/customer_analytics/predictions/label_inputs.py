"""What is known of customers whose outcomes are given, and what models are fed with."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
from sklearn.model_selection import RepeatedStratifiedKFold

from customer_analytics.predictions.training import Columns, as_floats

BINARY, AMOUNT, MULTICLASS = "binary", "amount", "multiclass"


@dataclass(frozen=True)
class Known:
    """Attributes, and features of orders, of some customers.

    Attributes
    ----------
    features : list of str
    numbers : float array of shape (n_customers, n_features)
        NaN where unknown, and where the feature is text.
    texts : object array of shape (n_customers, n_features)
        None where unknown, and where the feature is a number.
    """

    features: list[str]
    numbers: np.ndarray
    texts: np.ndarray

    def of(self, rows: np.ndarray) -> "Known":
        """Return some of the customers, by position or mask."""
        return Known(self.features, self.numbers[rows], self.texts[rows])

    def __len__(self) -> int:
        """Return how many customers there are."""
        return len(self.numbers)


@dataclass(frozen=True)
class Encoding:
    """Makes columns of features: numbers as they are, one for each frequent text.

    Attributes
    ----------
    kept : list of (int, str or None)
        Of each column the feature, by position, and the text; None of a number.
    """

    kept: list[tuple[int, str | None]]

    def matrix(self, known: Known) -> np.ndarray:
        """Return the columns: float array of shape (n_customers, n_columns)."""
        columns = [
            known.numbers[:, i]
            if text is None
            else (known.texts[:, i] == text).astype(float)
            for i, text in self.kept
        ]
        return np.column_stack([np.zeros((len(known), 0)), *columns])

    def columns_of(self, feature: int) -> np.ndarray:
        """Return the positions of a feature's columns."""
        return np.array([j for j, (i, _) in enumerate(self.kept) if i == feature], int)


@dataclass(frozen=True)
class Outcome:
    """What came of the customers, where it is known.

    Attributes
    ----------
    target, kind : str
        Kind is BINARY, MULTICLASS or AMOUNT (any number).
    classes : list of str
        Of MULTICLASS; else [''].
    values : float array of shape (n_customers, n_classes)
        0 or 1; of AMOUNT the number.
    """

    target: str
    kind: str
    classes: list[str]
    values: np.ndarray

    @property
    def strata(self) -> np.ndarray:
        """Return what folds hold alike shares of: the class, or a tenth of a number."""
        if self.kind != AMOUNT:
            return self.values @ np.arange(1, len(self.classes) + 1)
        limits = np.quantile(self.values[:, 0], np.arange(0.1, 1, 0.1))
        return np.searchsorted(limits, self.values[:, 0])

    @property
    def names(self) -> list[str]:
        """Return the target of each class: 'plan=basic', or the target alone."""
        return [
            f"{self.target}={name}" if name else self.target for name in self.classes
        ]


@dataclass(frozen=True)
class Settings:
    """How outcomes are judged.

    Attributes
    ----------
    models : list of str
        Keys of `models.KINDS`.
    folds, repeats : int
    most_texts : int
        See `label_inputs.encoding`.
    tuning_rows : int
        Rows of a fit while tuning, at most.
    seed : int
    """

    models: list[str]
    folds: int
    repeats: int
    most_texts: int
    tuning_rows: int
    seed: int

    def splits(self, outcome: Outcome) -> Iterator[tuple[int, int, np.ndarray]]:
        """Yield repeat and fold, from 1, and which customers are held out."""
        folding = RepeatedStratifiedKFold(
            n_splits=self.folds, n_repeats=self.repeats, random_state=self.seed
        )
        strata = outcome.strata
        for i, (_, held) in enumerate(folding.split(strata, strata)):
            mask = np.zeros(len(strata), dtype=bool)
            mask[held] = True
            yield i // self.folds + 1, i % self.folds + 1, mask


def encoding(known: Known, most_texts: int) -> Encoding:
    """Return what encodes features, learned from training rows alone.

    Parameters
    ----------
    known : Known
        Training rows.
    most_texts : int
        Most frequent texts of a feature that get a column; others are like unknown.

    Returns
    -------
    Encoding
    """
    kept: list[tuple[int, str | None]] = []
    for i in range(len(known.features)):
        own = known.texts[:, i]
        texts = own[own != None]  # noqa: E711 - elementwise
        if not len(texts):
            kept.append((i, None))
            continue
        names, counts = np.unique(texts.astype(str), return_counts=True)
        order = np.argsort(-counts, kind="stable")[:most_texts]
        kept += [(i, str(names[j])) for j in sorted(order)]
    return Encoding(kept)


def gathered(
    rows: Columns, customers: np.ndarray, features: Sequence[str] | None = None
) -> Known:
    """Gather the features of customers.

    Parameters
    ----------
    rows : dict of arrays of shape (n_values,)
        ``label_row``, ``feature``, ``value_number``, ``value_text``; of a text
        the number is null.
    customers : int array of shape (n_customers,)
        Rising.
    features : sequence of str, optional
        In this order, those that are not there unknown; by default all, sorted.

    Returns
    -------
    Known
    """
    names = np.asarray(rows["feature"])
    kept = list(features if features is not None else sorted(set(names)))
    numbers = np.full((len(customers), len(kept)), np.nan)
    texts = np.full(numbers.shape, None, dtype=object)
    given = as_floats(rows["value_number"])
    words = np.ma.filled(np.ma.asarray(rows["value_text"], dtype=object), None)
    owners = np.asarray(rows["label_row"])
    for i, feature in enumerate(kept):
        own = (names == feature) & np.isin(owners, customers)
        at = np.searchsorted(customers, owners[own])
        numbers[at, i] = given[own]
        is_text = np.isnan(given[own])
        texts[at[is_text], i] = words[own][is_text]
    return Known(kept, numbers, texts)


def read_tasks(
    inputs: duckdb.DuckDBPyRelation, rows: duckdb.DuckDBPyRelation
) -> list[tuple[Known, Outcome, np.ndarray]]:
    """Return what is known of the customers of each outcome, it, and whose it is.

    Parameters
    ----------
    inputs : DuckDBPyRelation
        Rows of int_label_inputs as of the day of learning.
    rows : DuckDBPyRelation
        Rows of int_label_outcomes.
    """
    given = inputs.order("feature, label_row").fetchnumpy()
    found = outcomes(rows.order("target, class_name, label_row").fetchnumpy())
    return [(gathered(given, whose), outcome, whose) for outcome, whose in found]


def outcomes(rows: Columns) -> list[tuple[Outcome, np.ndarray]]:
    """Return the outcomes of each target, and whose they are.

    Parameters
    ----------
    rows : dict of arrays
        Columns of int_label_outcomes, by target, class and customer number:
        ``target``, ``kind``, ``class_name`` ('' where there are none),
        ``label_row``, ``outcome``.

    Returns
    -------
    list of (Outcome, int array of shape (n_customers,))
    """
    result = []
    targets = np.asarray(rows["target"])
    for target in sorted(set(targets)):
        own = targets == target
        classes = np.asarray(rows["class_name"])[own]
        names = sorted(set(classes))
        customers = np.asarray(rows["label_row"])[own][classes == names[0]]
        values = as_floats(np.ma.asarray(rows["outcome"]))[own]
        matrix = np.column_stack([values[classes == name] for name in names])
        kind = str(np.asarray(rows["kind"])[own][0])
        result.append(
            (Outcome(str(target), kind, [str(n) for n in names], matrix), customers)
        )
    return result
