"""How many connections an instance takes.

Figures: Amazon Aurora User Guide, Setting capacity for a Serverless v2 cluster, max_connections.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from components.aurora_data_platform.aurora.parameters import ParameterValue

if TYPE_CHECKING:
    from components.aurora_data_platform.settings.model import PlatformSettings

CAP = 5000
"""Most connections that AWS derives for any capacity."""
CAP_BELOW_ONE_ACU = 2000
"""Cap while the least capacity is 0 or 0.5 ACU."""
BY_MAX_ACU = ((1, 189), (4, 823), (8, 1669), (16, 3360), (32, CAP))
"""max_connections that AWS derives from the greatest capacity."""


def cap(min_capacity_acu: float) -> int:
    """Most connections that a cluster of this least capacity takes."""
    return CAP_BELOW_ONE_ACU if min_capacity_acu < 1 else CAP


def derived(max_capacity_acu: float) -> int:
    """What AWS derives from the greatest capacity, 0 below the smallest known."""
    return max((count for acu, count in BY_MAX_ACU if acu <= max_capacity_acu), default=0)


def requested(parameters: Mapping[str, ParameterValue]) -> int | None:
    """What the parameters ask for; None if they leave it to AWS, or are no number."""
    text = str(parameters.get("max_connections", ""))
    return int(text) if text.isascii() and text.isdigit() else None


def effective(s: PlatformSettings) -> int:
    """Most connections that each instance takes in the end."""
    asked = requested(s.parameters)
    return min(
        derived(s.aurora_max_capacity) if asked is None else asked, cap(s.aurora_min_capacity)
    )
