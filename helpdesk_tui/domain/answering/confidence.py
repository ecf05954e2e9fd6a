"""How sure it is that the best passage answers a question, from what was measured of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from helpdesk_tui.domain.answering.index import Fit

WEIGHTS = (-7.1, 2.7, 1.9, 1.1, 1.0, 4.3)
"""Of 1, ``asked``, ``meant``, ``mass``, the lead over the second best, ``asked`` × ``meant``."""
SURE = 0.55
"""From here on an answer is given: rather none than a wrong one."""
_MOST_MASS = 2.0


def features(fits: Sequence[Fit]) -> tuple[float, ...]:
    """Return what speaks for the best of some passages, which are in their order."""
    best = fits[0]
    second = next((fit.rank for fit in fits[1:] if fit.passage.source != best.passage.source), 0.0)
    lead = 1 - second / best.rank if best.rank else 0.0
    return (1.0, best.asked, best.meant, min(best.mass, _MOST_MASS), lead, best.asked * best.meant)


def confidence(fits: Sequence[Fit]) -> float:
    """Return the chance, 0 to 1, that the best of some passages answers the question."""
    if not fits:
        return 0.0
    found = zip(WEIGHTS, features(fits), strict=True)
    return 1 / (1 + math.exp(-sum(weight * value for weight, value in found)))
