"""Benchmark of the policy pack on the resources of prod."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from benchmarks.machine import verdict
from policy_pack.aurora_policies.pack.catalogue import catalogue
from tools.compare_checkov import runner
from tools.reference.checkov_page import mapped_checks
from tools.testing.policies import analyze_prod, platform

BAR_SECONDS = 0.3
"""Maximum time for the resources of prod."""


@dataclass(frozen=True)
class Figures:
    """Run times in seconds.

    Attributes:
        resources: Number of resources.
        pack: Times of all policies on all resources, called as the engine calls them.
        checkov: Times of the corresponding checks of checkov; empty if it is not installed.
    """

    resources: int
    pack: Sequence[float]
    checkov: Sequence[float]


def measure(runs: int) -> Figures:
    """Measure both tools on prod. The first run fills caches and is not counted."""
    resources = platform("prod")
    pack: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        analyze_prod()
        pack.append(time.perf_counter() - started)
    others: list[float] = []
    if runner.is_installed():
        output = runner.run({f"{turn:03}": resources for turn in range(runs + 1)})
        others = [seconds for _, seconds in sorted(output.seconds.items())]
    return Figures(len(resources), pack[1:], others[1:])


def show(figures: Figures, *, busy: bool) -> None:
    """Print the medians.

    Args:
        figures: Times on the resources of prod.
        busy: Whether the machine is too busy for a verdict.
    """
    title = f"{figures.resources} resources of prod"
    table = Table("tool", "median s", "min s", "max s", title=title)
    rows = (
        (f"{len(catalogue())} policies of the pack", figures.pack),
        (f"{len(mapped_checks())} checks of checkov, after loading", figures.checkov),
    )
    for name, seconds in rows:
        if seconds:
            cells = (statistics.median(seconds), min(seconds), max(seconds))
            table.add_row(name, *(f"{cell:.3f}" for cell in cells))
    console = Console()
    console.print(table)
    if not figures.checkov:
        console.print("checkov is not installed: run `make compare-checkov` to measure it")
    median = statistics.median(figures.pack)
    console.print(
        f"policy pack on prod: {median:.3f} s (bar: {BAR_SECONDS} s): "
        f"{verdict(median, BAR_SECONDS, busy=busy)}"
    )
