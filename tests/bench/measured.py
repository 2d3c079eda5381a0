# SPDX-License-Identifier: Apache-2.0
"""What a figure came to."""

from collections.abc import Sequence
from dataclasses import dataclass
import statistics


@dataclass(frozen=True)
class Measured:
    """`detail` tells from how many runs, and what stands beside the value."""

    value: float
    detail: str


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that so many percent of the values do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
