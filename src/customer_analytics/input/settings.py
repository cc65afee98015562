"""The settings of the input, as dbt hands them over."""

import ast
import codecs
import datetime
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import duckdb

from customer_analytics.input.problems import set_variable, shown, shown_list

DATE_ORDERS = ("auto", "day_first", "month_first")
DECIMAL_MARKS = ("auto", "point", "comma")


@dataclass(frozen=True)
class Settings:
    """Checked settings; the names are those of the dbt variables.

    Attributes
    ----------
    transactions_path, transactions_relation, customer_attributes_path,
    customer_events_path, customer_events_relation : str
        '' where not set; a relation takes precedence over the path. Neither of the
        first two, with a path of attributes: there is no order log.
    transactions_leave_out : tuple of str
        Paths that a glob of the order log does not mean.
    transaction_columns, customer_attribute_columns, customer_event_columns : dict of \
str to str
        Our column name -> header in the user's file.
    customer_labels : dict of str to str
        Name of a given outcome -> header in the file of attributes.
    transactions_encoding, customer_attributes_encoding, customer_events_encoding : str
        Any that Python knows, by the name it gives it.
    transactions_date_order : {'auto', 'day_first', 'month_first'}
    transactions_sheets : tuple of str
        Sheets of a workbook that are meant; none = all with order lines.
    transactions_date_format : str
        strptime's format of all dates; '' = the forms of `dates`.
    transactions_decimal_mark : {'auto', 'point', 'comma'}
    time_zone : str
        The shop's, such as Europe/London; '' = UTC for times that carry a zone.
    guest_customer_ids : tuple of str
        Customer ids that mean nobody, in any case.
    earliest_order_date : date
        Lines before it are excluded by the models.
    max_unreadable_share : float
        Share of the filled values of a column that may be unreadable, 0 to 1.
    as_of_date : date or None
        Only lines before it count; None = the day after the last order.
    """

    transactions_path: str = ""
    transactions_leave_out: tuple[str, ...] = ()
    transactions_relation: str = ""
    transaction_columns: dict[str, str] = field(default_factory=dict)
    transactions_encoding: str = "utf-8"
    transactions_date_order: str = "auto"
    transactions_sheets: tuple[str, ...] = ()
    transactions_date_format: str = ""
    transactions_decimal_mark: str = "auto"
    time_zone: str = ""
    guest_customer_ids: tuple[str, ...] = ()
    customer_attributes_encoding: str = "utf-8"
    customer_attributes_path: str = ""
    customer_attribute_columns: dict[str, str] = field(default_factory=dict)
    customer_labels: dict[str, str] = field(default_factory=dict)
    customer_events_path: str = ""
    customer_events_relation: str = ""
    customer_event_columns: dict[str, str] = field(default_factory=dict)
    customer_events_encoding: str = "utf-8"
    earliest_order_date: datetime.date = datetime.date(1990, 1, 1)
    max_unreadable_share: float = 0.01
    as_of_date: datetime.date | None = None

    @property
    def has_orders(self) -> bool:
        """Whether an order log is named, as file or as relation."""
        return bool(self.transactions_path or self.transactions_relation)

    def as_text(self) -> dict[str, Any]:
        """Return how files are read, with values that JSON can hold."""
        dates = ("earliest_order_date", "as_of_date")
        values = {k: str(v) if k in dates else v for k, v in asdict(self).items()}
        # Which files are read does not change how.
        del values["transactions_leave_out"]
        return values


def read_settings(meta: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """Check and convert the settings of a source's `config.meta`.

    Parameters
    ----------
    meta : mapping
        Values by variable name; absent, None, 'none' and '' mean the default. Other
        keys are ignored.

    Returns
    -------
    settings : Settings
        With the default in place of a value that is not allowed.
    problems : list of str
        One for each value that is not allowed.
    """
    problems: list[str] = []
    values: dict[str, Any] = {}
    for name, convert in _CONVERT.items():
        given = meta.get(name)
        # dbt hands None over as text; 'none' is how an environment variable says it,
        # where an empty one cannot be told from one that is not set.
        if given is None or str(given).strip().lower() in ("", "none"):
            continue
        try:
            values[name] = convert(given)
        except (ValueError, SyntaxError):
            problems.append(
                f"{name}: {shown(given)} is not {_ALLOWED[name]}. Correct the value: "
                f"{set_variable(name, _EXAMPLE[name])}."
            )
    settings = Settings(**values)
    if settings.customer_labels and not settings.customer_attributes_path:
        problems.append(
            "customer_labels: they are columns of the customer attributes, and "
            "customer_attributes_path names no file. Name it: "
            f"{set_variable('customer_attributes_path', 'customers.csv')}."
        )
    # 'auto' looks beside the order log, and there is none.
    if not settings.has_orders and settings.customer_attributes_path in ("", "auto"):
        problems.append(_NO_INPUT)
    return settings, problems


def _text(value: object) -> str:
    return str(value).strip()


def _path(value: object) -> str:
    return str(value)


def _names(value: object) -> dict[str, str]:
    """Read a dict, or the text of one (dbt renders some variables to text)."""
    found = ast.literal_eval(value) if isinstance(value, str) else value
    if not isinstance(found, Mapping):
        raise ValueError
    return {str(key): str(name) for key, name in found.items()}


def _label_names(value: object) -> dict[str, str]:
    names = _names(value)
    if not all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names):
        raise ValueError
    if "customer_id" in names:
        raise ValueError
    return names


def _date(value: object) -> datetime.date:
    return datetime.date.fromisoformat(str(value).strip()[:10])


def _share(value: object) -> float:
    number = float(str(value))
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _one_of(allowed: tuple[str, ...]):
    def convert(value: object) -> str:
        text = str(value).strip().lower().replace("_", "-")
        by_spelling = {name.replace("_", "-"): name for name in allowed}
        by_spelling |= {name.replace("-", ""): name for name in allowed}
        if text not in by_spelling:
            raise ValueError
        return by_spelling[text]

    return convert


def _encoding(value: object) -> str:
    try:
        return codecs.lookup(str(value).strip()).name
    except LookupError:
        raise ValueError from None


def _time_zone(value: object) -> str:
    # Asked of DuckDB, which will use it.
    query = "select name from pg_timezone_names() where lower(name) = lower(?)"
    found = duckdb.execute(query, [str(value).strip()]).fetchall()
    if not found:
        raise ValueError
    return found[0][0]


def _words(value: object) -> tuple[str, ...]:
    """Read a list, or the text of one (dbt renders some variables to text)."""
    found = ast.literal_eval(value) if isinstance(value, str) else value
    if not isinstance(found, list | tuple):
        raise ValueError
    return tuple(str(word).strip() for word in found)


_NO_INPUT = (
    "transactions_path: it is empty, and so is transactions_relation. Name the file "
    f"with the orders: {set_variable('transactions_path', 'my.csv')}; or, to build "
    "from customer attributes alone, name their file with customer_attributes_path."
)
_CONVERT = {
    "transactions_path": _path,
    "transactions_leave_out": _words,
    "transactions_relation": _text,
    "transaction_columns": _names,
    "transactions_encoding": _encoding,
    "transactions_date_order": _one_of(DATE_ORDERS),
    "transactions_sheets": _words,
    "transactions_date_format": _text,
    "transactions_decimal_mark": _one_of(DECIMAL_MARKS),
    "time_zone": _time_zone,
    "guest_customer_ids": _words,
    "customer_attributes_encoding": _encoding,
    "customer_attributes_path": _path,
    "customer_attribute_columns": _names,
    "customer_labels": _label_names,
    "customer_events_path": _path,
    "customer_events_relation": _text,
    "customer_event_columns": _names,
    "customer_events_encoding": _encoding,
    "earliest_order_date": _date,
    "max_unreadable_share": _share,
    "as_of_date": _date,
}
_AN_ENCODING = "an encoding such as cp1252 (Excel on Windows), latin-1 or utf-16"
_ALLOWED = {
    "transaction_columns": "a mapping of our column names to your headers",
    "transactions_encoding": _AN_ENCODING,
    "transactions_date_order": f"one of {shown_list(list(DATE_ORDERS))}",
    "transactions_decimal_mark": f"one of {shown_list(list(DECIMAL_MARKS))}",
    "time_zone": "a time zone such as Europe/London",
    "guest_customer_ids": "a list of ids",
    "transactions_sheets": "a list of names",
    "transactions_leave_out": "a list of paths",
    "customer_attributes_encoding": _AN_ENCODING,
    "customer_attribute_columns": "a mapping of our column names to your headers",
    "customer_labels": (
        "a mapping of names in snake_case, none of them a target of the seed "
        "prediction_targets, to headers of your customer attributes"
    ),
    "customer_event_columns": "a mapping of our column names to your headers",
    "customer_events_encoding": _AN_ENCODING,
    "earliest_order_date": "a date such as 1990-01-01",
    "max_unreadable_share": "a number from 0 to 1",
    "as_of_date": "a date such as 2011-12-10",
}
_EXAMPLE = {
    "transaction_columns": "{customer_id: Client}",
    "transactions_encoding": "cp1252",
    "transactions_date_order": "day_first",
    "transactions_decimal_mark": "comma",
    "time_zone": "Europe/London",
    "guest_customer_ids": "['0', guest]",
    "transactions_sheets": "[Orders]",
    "transactions_leave_out": "[orders/half.csv]",
    "customer_attributes_encoding": "cp1252",
    "customer_attribute_columns": "{customer_id: Client}",
    "customer_labels": "{churned: Churn}",
    "customer_event_columns": "{event_at: When}",
    "customer_events_encoding": "cp1252",
    "earliest_order_date": "1990-01-01",
    "max_unreadable_share": "0.01",
    "as_of_date": "2011-12-10",
}
