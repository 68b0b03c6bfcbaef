"""Connection limits of an Aurora Serverless v2 instance.

Figures: Amazon Aurora User Guide, "Maximum connections for Aurora Serverless v2".
"""

from collections.abc import Mapping

from components.aurora_data_platform.aurora.parameters import ParameterValue

CAP = 5000
"""Maximum that AWS derives for any capacity."""
CAP_BELOW_ONE_ACU = 2000
"""Maximum while the minimum capacity is 0 or 0.5 ACU."""
BY_MAX_ACU = ((1, 189), (4, 823), (8, 1669), (16, 3360), (32, CAP))
"""`max_connections` that AWS derives from the maximum capacity."""


def connection_cap(min_capacity_acu: float) -> int:
    """Return the maximum that AWS allows for a minimum capacity."""
    return CAP_BELOW_ONE_ACU if min_capacity_acu < 1 else CAP


def derived_connections(max_capacity_acu: float) -> int:
    """Return what AWS derives from a maximum capacity; 0 below the smallest documented one."""
    return max((count for acu, count in BY_MAX_ACU if acu <= max_capacity_acu), default=0)


def requested_connections(parameters: Mapping[str, ParameterValue]) -> int | None:
    """Return `max_connections` as configured; None if it is left to AWS or not a number."""
    text = str(parameters.get("max_connections", ""))
    return int(text) if text.isascii() and text.isdigit() else None


def effective_connections(
    parameters: Mapping[str, ParameterValue], *, min_capacity_acu: float, max_capacity_acu: float
) -> int:
    """Return the maximum number of connections that an instance accepts."""
    requested = requested_connections(parameters)
    wanted = derived_connections(max_capacity_acu) if requested is None else requested
    return min(wanted, connection_cap(min_capacity_acu))
