"""How likely it is that items meet in baskets that often by chance."""

import numpy as np
from scipy.special import gammaln
from scipy.stats import hypergeom

# Terms of a tail add up to the last digit of a double long before.
RELATIVE_PRECISION = 1e-15


def joint_p_values(
    all_count: np.ndarray,
    first_count: np.ndarray,
    second_count: np.ndarray,
    joint_count: np.ndarray,
) -> np.ndarray:
    """Return Fisher's exact p-values (one-sided) of two itemsets meeting in baskets.

    The chance that as many baskets or more hold both, were the second itemset dealt to
    the baskets at random: the upper tail of a hypergeometric distribution.

    Parameters
    ----------
    all_count, first_count, second_count, joint_count : int arrays of shape (n,)
        Baskets in all, with the first, with the second, and with both itemsets.

    Returns
    -------
    float array of shape (n,)
        0..1; 0 where it is below the smallest double.

    Raises
    ------
    ValueError
        If the counts cannot be those of baskets.

    References
    ----------
    Fisher (1935), The logic of inductive inference, JRSS 98(1).
    """
    n, a, c, k = (
        np.asarray(counts, dtype=float)
        for counts in (all_count, first_count, second_count, joint_count)
    )
    least = np.maximum(0, a + c - n)
    if ((k < least) | (k > np.minimum(a, c)) | (a > n) | (c > n)).any():
        raise ValueError("joint_count must lie between what the other counts allow")
    # Up to the mode the terms grow first; such p-values are large, and few.
    is_rare = k > (a + 1) * (c + 1) / (n + 2)
    values = np.ones_like(k)
    values[is_rare] = _upper_tail(n[is_rare], a[is_rare], c[is_rare], k[is_rare])
    values[~is_rare] = hypergeom.sf(*(x[~is_rare] for x in (k - 1, n, a, c)))
    return np.where(k <= least, 1.0, np.clip(values, 0.0, 1.0))


def _upper_tail(
    n: np.ndarray, a: np.ndarray, c: np.ndarray, k: np.ndarray
) -> np.ndarray:
    """Sum the terms from k on, each of which is a fraction of the one before."""
    log_term = _log_choose(a, k) + _log_choose(n - a, c - k) - _log_choose(n, c)
    total = np.ones_like(log_term)
    term = np.ones_like(log_term)
    position = k.copy()
    active = np.arange(len(k))
    while len(active):
        i = position[active]
        term[active] *= (
            (a[active] - i)
            * (c[active] - i)
            / ((i + 1) * (n[active] - a[active] - c[active] + i + 1))
        )
        total[active] += term[active]
        position[active] += 1
        active = active[term[active] > RELATIVE_PRECISION * total[active]]
    return np.exp(log_term + np.log(total))


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
