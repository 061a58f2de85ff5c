"""How sure a figure is: 95 % intervals over units (prompts or lessons) that were drawn by chance.

A figure is a ratio of sums. Each unit has counts (hits, of); what a unit has no part in has
(0, 0). Units are whole: verses of one prompt are never taken apart.
"""

from collections.abc import Sequence
from math import hypot, sqrt

import numpy as np

RESAMPLES = 2000
_Z = 1.959964  # the middle 95 % of a normal distribution
Counts = Sequence[tuple[float, float]]
Interval = tuple[float, float]


def ratio(counts: Counts) -> float | None:
    """The figure; none if it was never measured."""
    of = sum(each for _, each in counts)
    return sum(hits for hits, _ in counts) / of if of else None


def share_interval(counts: Counts) -> Interval:
    """Wilson's interval for a share (Wilson 1927), over as many trials as the units are worth.

    Bars of one verse resemble one another: the number of trials is divided by the design effect
    (Kish 1965). Where all agree, only units are counted.
    """
    used = [(hits, of) for hits, of in counts if of]
    trials, share = sum(of for _, of in used), ratio(used)
    if share is None:
        return 0.0, 1.0
    spread = sum((hits - share * of) ** 2 for hits, of in used)
    if spread:
        trials = min(trials, trials**2 * share * (1 - share) / spread)
    elif share in {0.0, 1.0}:
        trials = len(used)
    return _wilson(share, trials)


def _wilson(share: float, trials: float) -> Interval:
    middle = share + _Z**2 / (2 * trials)
    reach = _Z * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    whole = 1 + _Z**2 / trials
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


def bootstrap_interval(counts: Counts) -> Interval | None:
    """A percentile bootstrap over the units (Efron 1979); the same for the same counts.

    None with fewer than two units.
    """
    used = [each for each in counts if each[1]]
    return _middle(_resampled(used, _drawn(len(used)))) if len(used) > 1 else None


def difference_interval(counts: Counts, others: Counts, share: bool = True) -> Interval | None:
    """As `bootstrap_interval`, for the difference of two figures over the same units.

    Where one of two shares is nothing or all, its resamples are all alike, as if it were known
    for sure. Then both shares' own intervals are joined (Newcombe 1998, method 10).
    """
    pairs = [pair for pair in zip(counts, others, strict=True) if pair[0][1] or pair[1][1]]
    if len(pairs) < 2:
        return None
    if share and {ratio(counts), ratio(others)} & {0.0, 1.0}:
        return _joined(counts, others)
    drawn = _drawn(len(pairs))
    one, other = (_resampled([pair[side] for pair in pairs], drawn) for side in (0, 1))
    return _middle(one - other)


def _joined(counts: Counts, others: Counts) -> Interval | None:
    one, other = ratio(counts), ratio(others)
    if one is None or other is None:
        return None
    low, high = share_interval(counts)
    other_low, other_high = share_interval(others)
    return (
        one - other - hypot(one - low, other_high - other),
        one - other + hypot(high - one, other - other_low),
    )


def _drawn(units: int) -> np.ndarray:
    """How often each unit is in each resample [resamples, units]."""
    even = np.full(units, 1 / units)
    return np.random.default_rng(0).multinomial(units, even, RESAMPLES)


def _resampled(counts: Counts, drawn: np.ndarray) -> np.ndarray:
    """The figure in every resample; not a number where none of its units has a part in it."""
    hits, of = (drawn @ np.array(counts, float)).T
    ratios = np.full(len(hits), np.nan)
    np.divide(hits, of, out=ratios, where=of > 0)
    return ratios


def _middle(samples: np.ndarray) -> Interval | None:
    if np.isnan(samples).all():
        return None
    low, high = np.nanpercentile(samples, (2.5, 97.5))
    return float(low), float(high)
