"""Whether the machine is quiet enough for a verdict."""

import time
from pathlib import Path

BUSY_SHARE = 0.15
"""Share of all cores that other processes may use."""
_SECONDS = 2.0


def share_in_use() -> float:
    """Return the share of all cores that is in use now, from 0 to 1 (proc_stat(5))."""
    before = _times()
    time.sleep(_SECONDS)
    busy, total = (after - first for after, first in zip(_times(), before, strict=True))
    return busy / total


def verdict(value: float, bar: float, *, busy: bool) -> str:
    """Return whether a value is within its bar, unless the machine is busy."""
    if busy:
        return "no verdict, the machine is busy"
    return "within" if value <= bar else "exceeded"


def _times() -> tuple[float, float]:
    """Return the time of all cores since the start, in use and in total."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)
