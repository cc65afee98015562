"""Models of repeat orders and of order values, fitted as of many dates."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from customer_analytics.lifetime_value.bg_nbd import BgNbd, fit_bg_nbd
from customer_analytics.lifetime_value.gamma_gamma import fit_gamma_gamma
from customer_analytics.lifetime_value.histories import Histories
from customer_analytics.lifetime_value.mbg_cnbd_k import MbgCnbdK, fit_mbg_cnbd_k
from customer_analytics.memory import Remember, anew
from customer_analytics.versions import library_versions

# The arrays are small: more threads of linear algebra would only wait for each other.
# Whether the first order can be the last.
ORDER_MODELS = {"bg_nbd": False, "mbg_nbd": True, "mbg_cnbd_k": True}


@threadpool_limits.wrap(limits=1)
def fit_order_models(
    histories: Mapping[str, np.ndarray],
    gaps: Mapping[str, np.ndarray],
    *,
    min_repeaters: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, np.ndarray]:
    """Fit BG/NBD, MBG/NBD and MBG/CNBD-k as of each date.

    Parameters
    ----------
    histories : mapping of str to array of shape (n_histories,)
        ``snapshot_date`` (text), ``repeat_day_count``, ``first_to_last_days``,
        ``age_days``, ``customer_count`` and ``is_cutoff`` (other dates get BG/NBD
        only), ordered by date.
    gaps : mapping of str to array of shape (n_dates,)
        ``snapshot_date`` (text) and ``log_gap_sum``: of the days between consecutive
        orders, the sum of their logarithms.
    min_repeaters : int
        Customers with a repeat order that a fit needs.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Takes a line about what is done.

    Returns
    -------
    dict of arrays of shape (n_models,)
        ``snapshot_date``, ``model``, ``k``, ``r``, ``alpha`` (days), ``a``, ``b``,
        ``log_likelihood`` (NaN where not fitted), ``is_converged``, ``message``,
        ``customer_count``, ``repeater_count``, ``library_versions`` (JSON).
    """
    rows: list[dict[str, object]] = []
    for date in np.unique(histories["snapshot_date"]):
        of_date = histories["snapshot_date"] == date
        known = Histories(
            *(
                histories[name][of_date].astype(float)
                for name in ("repeat_day_count", "first_to_last_days", "age_days")
            ),
            count=histories["customer_count"][of_date].astype(float),
        )
        # Each by itself: a month start becomes a cut-off when its outcomes are known.
        first = remember(f"bg_nbd at {date}", fit_bg, known, min_repeaters)
        found = {"bg_nbd": first}
        if histories["is_cutoff"][of_date].any():
            total = float(gaps["log_gap_sum"][gaps["snapshot_date"] == date].sum())
            found |= remember(
                f"mbg_nbd at {date}", fit_mbg, known, total, min_repeaters
            )
        common = {"snapshot_date": date, "library_versions": library_versions()}
        rows += [common | {"model": name} | row for name, row in found.items()]
        report(f"order models as of {date}: {first['customer_count']:,} customers")
    return _columns(rows)


def fit_bg(known: Histories, min_repeaters: int) -> dict[str, object]:
    """Fit BG/NBD of one date.

    Parameters
    ----------
    known : Histories
    min_repeaters : int

    Returns
    -------
    dict
        A row of what `fit_order_models` returns, without its date.
    """
    return _fit("bg_nbd", known, min_repeaters)[1]


def fit_mbg(
    known: Histories, log_gaps: float, min_repeaters: int
) -> dict[str, dict[str, object]]:
    """Fit MBG/NBD and MBG/CNBD-k of one date; as `fit_bg`.

    Parameters
    ----------
    known : Histories
    log_gaps : float
        See `Histories`.
    min_repeaters : int

    Returns
    -------
    dict of str to dict
        Rows by model.
    """
    fitted, row = _fit("mbg_nbd", known, min_repeaters)
    regular = row
    if fitted is not None:
        known = replace(known, log_gaps=log_gaps)
        regular = row | _found(fit_mbg_cnbd_k(known, fitted))
    return {"mbg_nbd": row, "mbg_cnbd_k": regular}


def _fit(
    name: str, known: Histories, min_repeaters: int
) -> tuple[BgNbd | None, dict[str, object]]:
    repeaters = int(known.count[known.repeats > 0].sum())
    fitted = None
    if repeaters >= max(min_repeaters, 1):
        fitted = fit_bg_nbd(known, first_can_be_last=ORDER_MODELS[name])
    counts = {"customer_count": int(known.count.sum()), "repeater_count": repeaters}
    return fitted, _parameters(fitted, repeaters, min_repeaters) | counts


def _parameters(
    fitted: BgNbd | None, repeaters: int, min_repeaters: int
) -> dict[str, object]:
    if fitted is None:
        unknown: dict[str, object] = {"k": 1}
        unknown |= dict.fromkeys(("r", "alpha", "a", "b", "log_likelihood"), np.nan)
        message = (
            f"not enough data: needs {min_repeaters} customers with a repeat order, "
            f"has {repeaters}"
        )
        return unknown | {"is_converged": False, "message": message}
    return _found(fitted)


def _found(fitted: BgNbd | MbgCnbdK) -> dict[str, object]:
    return {
        "k": fitted.k if isinstance(fitted, MbgCnbdK) else 1,
        "r": fitted.r,
        "alpha": fitted.alpha,
        "a": fitted.a,
        "b": fitted.b,
        "log_likelihood": fitted.fit.log_likelihood,
        "is_converged": fitted.fit.is_converged,
        "message": fitted.fit.message,
    }


TEXT = ("snapshot_date", "model", "message", "library_versions")
INTEGERS = ("k", "customer_count", "repeater_count")


def _columns(rows: list[dict[str, object]]) -> dict[str, np.ndarray]:
    names = [
        *("snapshot_date", "model", "k", "r", "alpha", "a", "b", "log_likelihood"),
        *("is_converged", "message", "customer_count", "repeater_count"),
        "library_versions",
    ]
    kinds = dict.fromkeys(TEXT, object) | dict.fromkeys(INTEGERS, np.int64)
    kinds["is_converged"] = bool
    return {
        name: np.array([row[name] for row in rows], dtype=kinds.get(name, float))
        for name in names
    }


@threadpool_limits.wrap(limits=1)
def fit_value_models(
    values: Mapping[str, np.ndarray],
    *,
    min_customers: int,
    remember: Remember = anew,
    report: Callable[[str], None] = lambda line: None,
) -> dict[str, np.ndarray]:
    """Fit gamma-gamma as of each date.

    Parameters
    ----------
    values : mapping of str to array of shape (n_customers,)
        ``snapshot_date`` (text), ``purchase_day_count`` (1 or more) and
        ``average_amount`` (above 0), ordered by date and customer.
    min_customers : int
        Customers with a repeat order that a fit needs.
    remember : callable
        Asked for what was learned before; see `memory.Memory`.
    report : callable
        Takes a line about what is done.

    Returns
    -------
    dict of arrays of shape (n_dates,)
        ``snapshot_date``, ``p``, ``q``, ``gamma``, ``log_likelihood`` (NaN where not
        fitted), ``mean_amount`` (of an order), ``is_converged``, ``message``,
        ``customer_count``.
    """
    rows: list[dict[str, object]] = []
    for date in np.unique(values["snapshot_date"]):
        of_date = values["snapshot_date"] == date
        row = remember(
            f"order values at {date}",
            fit_date_values,
            values["purchase_day_count"][of_date].astype(float),
            values["average_amount"][of_date].astype(float),
            min_customers,
        )
        rows.append({"snapshot_date": date} | row)
        report(f"order values as of {date}: {row['customer_count']:,} customers")
    names = [
        *("snapshot_date", "p", "q", "gamma", "log_likelihood", "mean_amount"),
        *("is_converged", "message", "customer_count"),
    ]
    kinds = dict.fromkeys(TEXT, object) | dict.fromkeys(INTEGERS, np.int64)
    kinds["is_converged"] = bool
    return {
        name: np.array([row[name] for row in rows], dtype=kinds.get(name, float))
        for name in names
    }


def fit_date_values(
    orders: np.ndarray, amounts: np.ndarray, min_customers: int
) -> dict[str, object]:
    """Fit gamma-gamma as of one date.

    Parameters
    ----------
    orders, amounts : float arrays of shape (n_customers,)
        Days with a purchase, 1 or more, and the mean amount of one.
    min_customers : int

    Returns
    -------
    dict
        A row of what `fit_value_models` returns, without its date.
    """
    row: dict[str, object] = {
        **{"p": np.nan, "q": np.nan, "gamma": np.nan, "log_likelihood": np.nan},
        "mean_amount": float(np.average(amounts, weights=orders)),
        "is_converged": False,
        "message": "not enough customers with a repeat order, or all amounts equal",
        "customer_count": len(orders),
    }
    # Equal amounts have no spread to fit.
    differ = np.ptp(amounts) > 1e-9 * amounts.max()
    if (orders > 1).sum() >= max(min_customers, 1) and differ:
        fitted = fit_gamma_gamma(orders, amounts)
        row |= {"p": fitted.p, "q": fitted.q, "gamma": fitted.gamma}
        row |= {"log_likelihood": fitted.fit.log_likelihood}
        row |= {"is_converged": fitted.fit.is_converged}
        row |= {"message": fitted.fit.message}
    return row
