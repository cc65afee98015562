"""Answer for a few customers by what the last build learned, without a build.

A table of the score floor is true of each customer alone, or of the shop. The first are
made again of the orders of those who are asked for, by the SQL and the Python models
that the build recorded; the second are taken from the build as they are.
"""

import contextlib
import importlib.util
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from graphlib import TopologicalSorter
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
from dbt_common.events.event_manager_client import cleanup_event_logger
from threadpoolctl import threadpool_limits

from customer_analytics.input import prepare_input
from customer_analytics.input.sql import identifier, literal
from customer_analytics.memory import Recall
from customer_analytics.places import project_folder, warehouse_folder

# What is told of customers, and what stands for targets that nothing serves.
ANSWERS = (
    *("marts.customer_segments", "marts.customer_rfm", "marts.customer_predictions"),
    *("marts.customer_lifetime_value", "marts.customer_recommendations"),
)
CHOICES, TARGETS = "evidence.chosen_models", "reference.prediction_targets"
LOG, CLOCK = "raw.transactions", "intermediate.int_as_of_date"
# By one of these a table is of single customers; what a model of orders expects is the
# same for all with as many orders and days.
KEYS = {
    *("customer_id", "customer_number", "feature_row", "order_id", "order_line_id"),
    *("return_index", "repeat_day_count"),
}
CUSTOMERS = ("customer_id", "customer_number")
# `meta` of a model that compares customers with one another.
COMPARES = "compares_customers"
# In memory: what is of the shop, of those asked for, and of all together.
SHOP, ASKED, ALL = "shop", "asked", "everybody"


DATES = ("snapshot_date", "cutoff_date")
NOTHING_LEARNED = "nothing has been learned yet: run 'make build'"


class ScoringError(Exception):
    """There is nothing to score by, or it cannot be read now."""


@dataclass(frozen=True)
class Model:
    """How the build made a table of the score floor.

    Attributes
    ----------
    language : str
    code : str
        SQL, or the path of a Python model.
    meta : dict
    parents : tuple of str
        Tables it reads, with their schema.
    """

    language: str
    code: str
    meta: dict
    parents: tuple[str, ...]


class Scorer:
    """What customers are scored by, held in memory so that builds can go on.

    Parameters
    ----------
    warehouse : path, optional
        Folder of the private build; else as the environment says, or ``warehouse``.

    Raises
    ------
    ScoringError
        If nothing was built yet, a build is running, or what was learned is of another
        version of this package.
    """

    def __init__(self, warehouse: Path | str | None = None) -> None:
        path = Path(warehouse or warehouse_folder()) / "build.duckdb"
        self._lock = threading.Lock()
        self._connection = duckdb.connect()
        self._connection.execute("set TimeZone = 'UTC'")
        self._connection.execute(f"attach ':memory:' as {SHOP}")
        self._connection.execute(f"attach ':memory:' as {ALL}")
        self._stored = path.stem
        with self._attached(path):
            self._recorded()
            self._load()

    def score(self, orders: Any) -> list[dict[str, Any]]:
        """Return what is known of customers.

        Parameters
        ----------
        orders : path or data frame
            All order lines of these customers, in any form that an order log has.

        Returns
        -------
        list of dict
            One per customer, by id: ``customer_id``, ``status`` ('scored', or why not),
            ``as_of_date``, ``learned_as_of``, and where scored ``segments``, ``rfm``,
            ``predictions``, ``lifetime_value`` and ``recommendations``.

        Raises
        ------
        InputError
            With all that is wrong with the orders.
        """
        with self._lock:
            self._connection.execute(f"attach ':memory:' as {ASKED}")
            try:
                self._read(orders)
                # One row at a time is nothing for several threads to share.
                with threadpool_limits(limits=1):
                    self._make()
                return self._answers()
            finally:
                self._connection.execute(f"detach {ASKED}")

    @contextlib.contextmanager
    def _attached(self, path: Path) -> Iterator[None]:
        """Have the private file open, for as long as it takes to read it."""
        if not path.exists():
            raise ScoringError(f"{NOTHING_LEARNED} (there is no {path})")
        try:
            self._connection.execute(
                f"attach {literal(str(path))} as {identifier(self._stored)} (read_only)"
            )
        except duckdb.IOException as error:
            raise ScoringError(
                f"{path} cannot be read now: a build is writing it, ask again once it "
                f"is done ({str(error).splitlines()[0]})"
            ) from error
        try:
            yield
        finally:
            self._connection.execute(f"detach {identifier(self._stored)}")

    def _recorded(self) -> None:
        """Read how tables were made, and what columns they have."""
        try:
            rows = self._connection.execute(
                "select table_schema || '.' || table_name, language, code, meta, "
                f"parents from {identifier(self._stored, 'raw', 'score_models')}"
            ).fetchall()
        except duckdb.CatalogException:
            raise ScoringError(NOTHING_LEARNED) from None
        columns = self._connection.execute(
            "select schema_name || '.' || table_name, list(column_name) "
            "from duckdb_columns() where database_name = ? group by all",
            [self._stored],
        ).fetchall()
        self._columns: dict[str, list[str]] = dict(columns)
        self._models = {
            name: Model(language, code, json.loads(meta), tuple(json.loads(parents)))
            for name, language, code, meta, parents in rows
            if name in self._columns
        }
        self._settings = self._models.pop("raw.input_files").meta
        if lacking := {*ANSWERS, CLOCK} - self._models.keys():
            raise ScoringError(
                f"the build has no {', '.join(sorted(lacking))}: run 'make build'"
            )
        self._sort()

    def _sort(self) -> None:
        """Tell what is of single customers from what is of the shop."""
        graph = {name: model.parents for name, model in self._models.items()}
        self._own: set[str] = set()
        # Tables that follow from the clock, and are the same until it moves.
        self._timed: set[str] = set()
        for name in TopologicalSorter(graph).static_order():
            parents = {*graph.get(name, ())}
            from_log = LOG in parents or parents & self._own
            if name not in self._models or name == CLOCK:
                continue
            if from_log and KEYS & {*self._columns[name]}:
                self._own.add(name)
            elif not from_log and parents & {CLOCK, *self._timed}:
                self._timed.add(name)
        needed: set[str] = set()
        todo = [*ANSWERS]
        while todo:
            name = todo.pop()
            if name not in needed:
                needed.add(name)
                if name in self._own | self._timed | {CLOCK}:
                    todo += graph[name]
        order = TopologicalSorter({name: graph.get(name, ()) for name in needed})
        self._steps = [name for name in order.static_order() if name in needed]

    def _load(self) -> None:
        """Copy what is of the shop, and let Python models read what they learned."""
        ((self._as_of_date, self._learning_date),) = self._connection.execute(
            f"select as_of_date, learning_date from {self._place(CLOCK)}"
        ).fetchall()
        self._python = {}
        copied = {CHOICES, TARGETS, *self._steps} - self._own - {LOG}
        for name in self._own & {*self._steps}:
            model = self._models[name]
            if model.language == "python":
                self._python[name] = self._learned(name)
            if self._numbers_customers(name):
                copied.add(name)
            if model.meta.get(COMPARES):
                copied |= {*model.parents} & self._own
        for name in sorted(copied):
            self._create(self._place(name, SHOP), self._stored_rows(name))

    def _stored_rows(self, name: str) -> str:
        """Return a query for the rows of a stored table that are needed."""
        rows = f"from {self._place(name)}"
        if name in self._models:
            return f"{rows} where {self._is_today(name, self._as_of_date)}"
        # What learning knew of single customers says nothing of these.
        return f"{rows} limit 0" if KEYS & {*self._columns[name]} else rows

    def _is_today(self, name: str, today: date) -> str:
        """Return the condition of rows that are not of an earlier date."""
        return (
            " and ".join(
                f"coalesce({column} = {literal(str(today))}::date, true)"
                for column in DATES
                if column in self._columns[name]
            )
            or "true"
        )

    def _learned(self, name: str) -> tuple[ModuleType, Any]:
        """Return a Python model, and what it learned where it does."""
        path = project_folder(Path.cwd()) / self._models[name].code
        # dbt's loggers, which Python models tell what they do, would write to stdout.
        cleanup_event_logger()
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if not hasattr(module, "learned"):
            return module, None
        cursor = self._connection.cursor()
        cursor.execute(f"use {identifier(self._stored)}")
        dbt = _Dbt(cursor, self._place, self._models[name])
        try:
            return module, module.learned(dbt, Recall(cursor, name.split(".")[1]))
        except LookupError as error:
            raise ScoringError(
                f"what was learned is not what this version would learn ({error}): run "
                "'make build'"
            ) from None

    def _read(self, orders: Any) -> None:
        """Read and check the orders as a build would."""
        settings = self._settings | {
            "transactions_path": "",
            "transactions_relation": "",
            "transactions_leave_out": [],
            "customer_attributes_path": "",
        }
        if isinstance(orders, str | Path):
            settings["transactions_path"] = str(orders)
        else:
            self._connection.register("asked_orders", orders)
            settings["transactions_relation"] = "asked_orders"
        prepare_input(self._connection, settings, database=ASKED)
        self._create(
            f"{ASKED}.main.customers",
            "select distinct read_customer_id as customer_id "
            f"from {self._place(LOG, ASKED)} where read_customer_id is not null",
        )

    def _make(self) -> None:
        """Make the tables of the customers asked for, in the build's order."""
        # Where each table is that later ones read.
        self._where = {LOG: ASKED}
        self._today = self._as_of_date
        for name in self._steps:
            place, model = self._place(name, ASKED), self._models.get(name)
            columns = {*self._columns[name]}
            if name == CLOCK:
                self._move_clock()
            elif name in self._own:
                self._make_own(name)
            elif name in self._timed and self._today > self._as_of_date:
                made = f"from ({self._sql(name)})"
                self._create(place, f"{made} where {self._is_today(name, self._today)}")
            elif model and "customer_id" in columns:
                # Attributes are no orders: of whoever is known, they are known.
                self._create(
                    place,
                    f"from {self._place(name, SHOP)} semi join {ASKED}.main.customers "
                    "using (customer_id)",
                )
            elif model and self._today > self._as_of_date:
                self._create(place, self._as_of_today(name))
            else:
                continue
            self._where[name] = ASKED

    def _move_clock(self) -> None:
        """Set the as-of date after the last order, where that is later."""
        made = self._sql(CLOCK)
        self._create(
            self._place(CLOCK, ASKED),
            "select shop.* replace (greatest(shop.as_of_date, asked.as_of_date) "
            f"as as_of_date) from {self._place(CLOCK, SHOP)} as shop, "
            f"({made}) as asked",
        )
        ((self._today,),) = self._connection.execute(
            f"select as_of_date from {self._place(CLOCK, ASKED)}"
        ).fetchall()

    def _make_own(self, name: str) -> None:
        place, model = self._place(name, ASKED), self._models[name]
        if model.language == "python":
            self._make_by_python(name)
        elif model.meta.get(COMPARES):
            self._compare(name)
        elif self._numbers_customers(name):
            shop = self._place(name, SHOP)
            self._create(f"{ASKED}.main.numbered", self._sql(name))
            # Known customers keep their numbers, new ones come after them.
            self._create(
                place,
                f"from {shop} semi join {ASKED}.main.numbered using (customer_id) "
                "union all by name select * replace (customer_number + 1 + coalesce("
                f"(select max(customer_number) from {shop}), 0) as customer_number) "
                f"from {ASKED}.main.numbered anti join {shop} using (customer_id)",
            )
        else:
            self._create(place, self._sql(name))

    def _numbers_customers(self, name: str) -> bool:
        """Whether a table gives customers the numbers that others know them by."""
        return {"customer_id", "customer_number"} <= {*self._columns[name]} and not any(
            "customer_number" in self._columns[parent]
            for parent in self._models[name].parents
        )

    def _compare(self, name: str) -> None:
        """Make a table of those asked for among all other customers of the shop."""
        among = {}
        for parent in {*self._models[name].parents} & self._own:
            key = next(k for k in CUSTOMERS if k in self._columns[parent])
            asked = self._place(parent, ASKED)
            self._create(
                self._place(parent, ALL),
                f"from ({self._as_of_today(parent)}) anti join {asked} using ({key}) "
                f"union all by name from {asked}",
                kind="view",
            )
            among[parent] = ALL
            if key in self._columns[name]:
                of_them = f"where {key} in (select {key} from {asked})"
        self._create(
            self._place(name, ASKED), f"from ({self._sql(name, among)}) {of_them}"
        )

    def _make_by_python(self, name: str) -> None:
        module, learned = self._python[name]
        session = self._connection.cursor()
        dbt = _Dbt(session, self._now_place, self._models[name])
        if learned is None:
            made = module.model(dbt, session)
        else:
            made = module.scored(dbt, session, learned)
        made.create_view("made")
        self._create(self._place(name, ASKED), "from made", session)

    def _as_of_today(self, name: str) -> str:
        """Return a query for the shop's rows, its last ones as today's."""
        then, today = (literal(str(day)) for day in (self._as_of_date, self._today))
        moved = ", ".join(
            f"if({date} = {then}, {today}::date, {date}) as {date}"
            for date in DATES
            if date in self._columns[name]
        )
        replaced = f"replace ({moved})" if moved else ""
        return f"select * {replaced} from {self._place(name, SHOP)}"

    def _answers(self) -> list[dict[str, Any]]:
        """Return what the tables say, customer by customer."""
        by_customer = {
            name: _grouped(self._rows(f"from {self._place(name, ASKED)} order by all"))
            for name in ANSWERS
        }
        unserved = self._rows(
            "select target, status, reason from "
            f"{self._place(CHOICES, SHOP)} semi join {self._place(TARGETS, SHOP)} "
            "using (target) where status not like '%served' order by target"
        )
        customers = self._rows(f"from {ASKED}.main.customers order by customer_id")
        days = {
            "as_of_date": str(self._today),
            "learned_as_of": str(self._learning_date),
        }
        return [
            customer
            | days
            | _answer(
                {
                    name: found.get(customer["customer_id"], [])
                    for name, found in by_customer.items()
                },
                unserved,
            )
            for customer in customers
        ]

    def _rows(self, query: str) -> list[dict[str, Any]]:
        relation = self._connection.sql(query)
        return [
            dict(zip(relation.columns, map(_plain, row), strict=True))
            for row in relation.fetchall()
        ]

    def _sql(self, name: str, where: dict[str, str] | None = None) -> str:
        """Return the SQL of a table, reading from memory."""
        code, model = self._models[name].code, self._models[name]
        for parent in model.parents:
            place = self._now_place(parent, (where or {}).get(parent))
            code = code.replace(self._place(parent), place)
        return code

    def _now_place(self, name: str, database: str | None = None) -> str:
        """Return the name of a table as it is for those asked for."""
        return self._place(name, database or self._where.get(name, SHOP))

    def _place(self, name: str, database: str | None = None) -> str:
        return identifier(database or self._stored, *name.split("."))

    def _create(
        self,
        place: str,
        query: str,
        session: duckdb.DuckDBPyConnection | None = None,
        kind: str = "table",
    ) -> None:
        session = session or self._connection
        session.execute(f"create schema if not exists {place.rsplit('.', 1)[0]}")
        session.execute(f"create or replace {kind} {place} as {query}")


class _Dbt:
    """What a Python model is given by dbt: tables by name, and its own settings."""

    def __init__(
        self,
        session: duckdb.DuckDBPyConnection,
        place: Callable[[str], str],
        model: Model,
    ) -> None:
        by_name = {parent.split(".")[1]: parent for parent in model.parents}
        self.ref = lambda name: session.sql(f"from {place(by_name[name])}")
        self.config = self
        self.meta_get = model.meta.get


def _grouped(rows: list[dict]) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        customer = row.pop("customer_id")
        row.pop("as_of_date")
        found.setdefault(customer, []).append(row)
    return found


def _plain(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def _answer(rows: dict[str, list[dict]], unserved: list[dict]) -> dict[str, Any]:
    """Return what is told of one customer."""
    if not any(rows.values()):
        return {"status": "no purchase of theirs was kept: see docs/input.md"}
    (rfm,), (value,) = (
        rows[f"marts.{name}"] or [None]
        for name in ("customer_rfm", "customer_lifetime_value")
    )
    return {
        "status": "scored",
        "segments": {
            row["feature_set"]: row["segment_name"]
            for row in rows["marts.customer_segments"]
            if row["is_chosen"]
        },
        "rfm": rfm,
        "predictions": [
            {name: one for name, one in row.items() if not name.startswith("reason_")}
            | {"reasons": [row[f"reason_{i}"] for i in (1, 2, 3) if row[f"reason_{i}"]]}
            for row in rows["marts.customer_predictions"]
        ],
        "not_predicted": unserved,
        "lifetime_value": value,
        "recommendations": rows["marts.customer_recommendations"],
    }
