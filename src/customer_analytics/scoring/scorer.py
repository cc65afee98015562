"""Make the tables of a few customers again, as the build made those of all."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
from threadpoolctl import threadpool_limits

from customer_analytics.input import prepare_input
from customer_analytics.input.sql import identifier, literal
from customer_analytics.input.store import Place
from customer_analytics.memory import recalling
from customer_analytics.places import project_folder, warehouse_folder
from customer_analytics.scoring import answers
from customer_analytics.scoring.python_models import Dbt, load_python_model
from customer_analytics.scoring.recorded import (
    CLOCK,
    KEYS,
    LOG,
    NOTHING_LEARNED,
    ScoringError,
    read_recorded,
)

CHOICES, TARGETS = "evidence.chosen_models", "reference.prediction_targets"
# `meta` of a model that compares customers with one another.
COMPARES = "compares_customers"
CUSTOMERS = ("customer_id", "customer_number")
DATES = ("snapshot_date", "cutoff_date")
# In memory: what is of the shop, of those asked for, and of all together.
SHOP, ASKED, ALL = "shop", "asked", "everybody"


class BuildRunningError(ScoringError):
    """It cannot be read while a build is writing it."""


def build_path(warehouse: Path | str | None = None) -> Path:
    """Return the private file of a folder, or of the environment's."""
    return Path(warehouse or warehouse_folder()) / "build.duckdb"


class Scorer:
    """What customers are scored by, held in memory so that builds can go on.

    Parameters
    ----------
    warehouse : path, optional
        Folder of the private build; else as the environment says, or ``warehouse``.

    Raises
    ------
    BuildRunningError
        If a build is writing the private file.
    ScoringError
        If nothing was built yet, the last build did not finish, or what was learned is
        of another version of this package.
    """

    def __init__(self, warehouse: Path | str | None = None) -> None:
        path = build_path(warehouse)
        self._lock = threading.Lock()
        self._connection = duckdb.connect()
        self._connection.execute("set TimeZone = 'UTC'")
        self._connection.execute(f"attach ':memory:' as {SHOP}")
        self._connection.execute(f"attach ':memory:' as {ALL}")
        self._stored = path.stem
        self._python: dict[str, tuple[ModuleType, Any]] = {}
        with self._attached(path):
            self._recorded = read_recorded(
                self._connection, self._stored, answers.TABLES
            )
            self._load()
        # A row at a time is nothing for several threads to share.
        self._connection.execute("set threads = 1")

    def score(self, orders: Any) -> list[dict[str, Any]]:
        """Return what is known of customers.

        Parameters
        ----------
        orders : path or data frame
            All order lines of these customers, in any form that an order log has.

        Returns
        -------
        list of dict
            One per customer, by id: ``customer_id``, ``as_of_date``, ``learned_as_of``
            and ``status`` ('scored', or why not); where scored ``segments`` (name by
            feature set), ``rfm``, ``predictions``, ``lifetime_value`` and
            ``recommendations``, with the columns of the published tables.

        Raises
        ------
        InputError
            With all that is wrong with the orders.
        """
        with self._lock:
            self._connection.execute(f"attach ':memory:' as {ASKED}")
            try:
                self._read(orders)
                with threadpool_limits(limits=1):
                    self._make()
                return self._answers()
            finally:
                self._connection.execute(f"detach {ASKED}")

    @contextlib.contextmanager
    def _attached(self, path: Path) -> Iterator[None]:
        """Have the private file open for as long as it takes to read it."""
        if not path.exists():
            raise ScoringError(f"{NOTHING_LEARNED} (there is no {path})")
        try:
            self._connection.execute(
                f"attach {literal(str(path))} as {identifier(self._stored)} (read_only)"
            )
        except duckdb.IOException as error:
            raise BuildRunningError(
                f"{path} cannot be read now: a build is writing it, ask again once it "
                f"is done ({str(error).splitlines()[0]})"
            ) from error
        try:
            yield
        finally:
            self._connection.execute(f"detach {identifier(self._stored)}")

    def _load(self) -> None:
        """Copy what is of the shop, and let Python models read what they learned."""
        recorded = self._recorded
        ((self._as_of_date, self._learning_date),) = self._connection.execute(
            f"select as_of_date, learning_date from {self._place(CLOCK)}"
        ).fetchall()
        if self._as_of_date is None:
            raise ScoringError("the last build was of no orders: run 'make build'")
        copied = {CHOICES, TARGETS, *recorded.steps} - recorded.own - {LOG}
        for name in recorded.own & {*recorded.steps}:
            model = recorded.models[name]
            if model.language == "python":
                self._python[name] = self._learned(name)
            if recorded.numbers_customers(name):
                copied.add(name)
            if model.meta.get(COMPARES):
                copied |= {*model.parents} & recorded.own
        for name in sorted(copied):
            rows = f"from {self._place(name)}"
            if name in recorded.models:
                rows = self._recent(name, rows)
            elif KEYS & {*recorded.columns[name]}:
                # What learning knew of single customers says nothing of these.
                rows = f"{rows} limit 0"
            self._create(self._place(name, SHOP), rows)

    def _recent(self, name: str, rows: str) -> str:
        """Return a query for the rows that are of no date before the learning date."""
        since = literal(str(self._learning_date))
        conditions = [
            f"coalesce({column} >= {since}, true)"
            for column in DATES
            if column in self._recorded.columns[name]
        ]
        return f"{rows} where {' and '.join(conditions) or 'true'}"

    def _learned(self, name: str) -> tuple[ModuleType, Any]:
        """Return a Python model, and what it learned where it does."""
        model = self._recorded.models[name]
        module = load_python_model(project_folder(Path.cwd()) / model.code)
        if not hasattr(module, "learned"):
            return module, None
        cursor = self._connection.cursor()
        cursor.execute(f"use {identifier(self._stored)}")
        dbt = Dbt(cursor, self._place, model)
        try:
            return module, module.learned(dbt, recalling(cursor))
        except LookupError as error:
            raise ScoringError(
                f"what was learned is not what this version would learn ({name}: "
                f"{error}): run 'make build'"
            ) from None

    def _read(self, orders: Any) -> None:
        """Read and check the orders as a build would."""
        settings = self._recorded.settings | {
            "transactions_path": "",
            "transactions_relation": "",
            "transactions_leave_out": [],
            "customer_attributes_path": "",
            "customer_events_path": "",
            "customer_events_relation": "",
        }
        if isinstance(orders, str | Path):
            settings["transactions_path"] = str(orders)
        else:
            self._connection.register("asked_orders", orders)
            settings["transactions_relation"] = "asked_orders"
        prepare_input(self._connection, settings, Place(database=ASKED))
        self._create(
            f"{ASKED}.main.customers",
            "select distinct read_customer_id as customer_id "
            f"from {self._place(LOG, ASKED)} where read_customer_id is not null",
        )

    def _make(self) -> None:
        """Make the tables of the customers asked for, each after what it reads."""
        recorded = self._recorded
        # Where each table is that others read.
        self._where = {LOG: ASKED}
        self._today: date = self._as_of_date
        for name in recorded.steps:
            place = self._place(name, ASKED)
            if name == CLOCK:
                self._move_clock()
            elif name in recorded.own:
                self._make_own(name)
            elif name not in recorded.models:
                continue
            elif "customer_id" in recorded.columns[name] and (
                name not in recorded.timed or self._today == self._as_of_date
            ):
                # Attributes and events are no orders: of whoever is known, they are
                # known.
                self._create(
                    place,
                    f"from {self._place(name, SHOP)} semi join {ASKED}.main.customers "
                    "using (customer_id)",
                )
            elif self._today == self._as_of_date:
                continue
            elif name in recorded.timed:
                made = self._recent(name, f"from ({self._sql(name)})")
                self._create(place, made)
            else:
                self._create(place, self._as_of_today(name))
            self._where[name] = ASKED

    def _move_clock(self) -> None:
        """Set the as-of date after the last order, where that is later."""
        place, shop = self._place(CLOCK, ASKED), self._place(CLOCK, SHOP)
        self._create(
            place,
            "select shop.* replace (greatest(shop.as_of_date, made.as_of_date) as "
            f"as_of_date) from {shop} as shop, ({self._sql(CLOCK)}) as made",
        )
        ((self._today,),) = self._connection.execute(
            f"select as_of_date from {place}"
        ).fetchall()

    def _make_own(self, name: str) -> None:
        place, model = self._place(name, ASKED), self._recorded.models[name]
        if model.language == "python":
            self._make_by_python(name)
        elif model.meta.get(COMPARES):
            self._compare(name)
        elif self._recorded.numbers_customers(name):
            made, shop = f"{ASKED}.main.numbered", self._place(name, SHOP)
            self._create(made, self._sql(name))
            # Known customers keep their numbers, new ones come after them.
            self._create(
                place,
                f"from {shop} semi join {made} using (customer_id) "
                "union all by name select * replace (customer_number + 1 + coalesce("
                f"(select max(customer_number) from {shop}), 0) as customer_number) "
                f"from {made} anti join {shop} using (customer_id)",
            )
        else:
            self._create(place, self._sql(name))

    def _make_by_python(self, name: str) -> None:
        module, learned = self._python[name]
        session = self._connection.cursor()
        dbt = Dbt(session, self._now, self._recorded.models[name])
        if learned is None:
            made = module.model(dbt, session)
        else:
            made = module.scored(dbt, session, learned)
        made.create_view("made")
        self._create(self._place(name, ASKED), "from made", session=session)

    def _compare(self, name: str) -> None:
        """Make a table of those asked for among all other customers of the shop."""
        columns, among, of_them = self._recorded.columns, {}, ""
        for parent in {*self._recorded.models[name].parents} & self._recorded.own:
            key = next(k for k in CUSTOMERS if k in columns[parent])
            asked = self._place(parent, ASKED)
            self._create(
                self._place(parent, ALL),
                f"from ({self._as_of_today(parent)}) anti join {asked} using ({key}) "
                f"union all by name from {asked}",
                kind="view",
            )
            among[parent] = self._place(parent, ALL)
            if key in columns[name]:
                of_them = f"where {key} in (select {key} from {asked})"
        made = f"from ({self._sql(name, among)}) {of_them}"
        self._create(self._place(name, ASKED), made)

    def _as_of_today(self, name: str) -> str:
        """Return a query for the shop's rows, its last ones as today's."""
        then, today = (literal(str(day)) for day in (self._as_of_date, self._today))
        moved = ", ".join(
            f"if({column} = {then}, {today}, {column}) as {column}"
            for column in DATES
            if column in self._recorded.columns[name]
        )
        replaced = f"replace ({moved})" if moved else ""
        return f"select * {replaced} from {self._place(name, SHOP)}"

    def _answers(self) -> list[dict[str, Any]]:
        by_customer: dict[str, dict[str, list[dict]]] = {
            row["customer_id"]: {name: [] for name in answers.TABLES}
            for row in self._rows(f"from {ASKED}.main.customers order by customer_id")
        }
        for name in answers.TABLES:
            for row in self._rows(f"from {self._place(name, ASKED)} order by all"):
                by_customer[row["customer_id"]][name].append(row)
        targets = self._rows(
            f"select target, status, reason from {self._place(CHOICES, SHOP)} "
            f"semi join (from {self._place(TARGETS, SHOP)} where "
            "population = 'customer') using (target) order by target"
        )
        return [
            {
                "customer_id": customer,
                "as_of_date": str(self._today),
                "learned_as_of": str(self._learning_date),
            }
            | answers.answer(rows, targets)
            for customer, rows in by_customer.items()
        ]

    def _rows(self, query: str) -> list[dict[str, Any]]:
        relation = self._connection.sql(query)
        return [
            dict(zip(relation.columns, map(answers.plain, row), strict=True))
            for row in relation.fetchall()
        ]

    def _sql(self, name: str, among: dict[str, str] | None = None) -> str:
        """Return the SQL of a table, reading from memory."""
        model = self._recorded.models[name]
        code = model.code
        for parent in model.parents:
            place = (among or {}).get(parent) or self._now(parent)
            code = code.replace(self._place(parent), place)
        return code

    def _now(self, name: str) -> str:
        """Return where a table is that those asked for are told by."""
        return self._place(name, self._where.get(name, SHOP))

    def _place(self, name: str, database: str | None = None) -> str:
        return identifier(database or self._stored, *name.split("."))

    def _create(
        self,
        place: str,
        query: str,
        *,
        kind: str = "table",
        session: duckdb.DuckDBPyConnection | None = None,
    ) -> None:
        session = session or self._connection
        session.execute(f"create schema if not exists {place.rsplit('.', 1)[0]}")
        session.execute(f"create or replace {kind} {place} as {query}")
