"""Times of processes, and whether the machine is quiet enough for a verdict."""

import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
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


def timed(
    command: Sequence[str | Path], environment: Mapping[str, str] | None = None
) -> tuple[float, float]:
    """Run a command, and end the benchmark if it fails.

    Args:
        command: The program and its arguments.
        environment: Its environment. Default: that of this process.

    Returns:
        Seconds by the wall clock, and seconds of CPU of the program and its children.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _times() -> tuple[float, float]:
    """Return the time of all cores since the start, in use and in total."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, sum(fields)
