"""What the policy pack costs: over the resources of prod, and in a whole preview."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from policy_pack.aurora_policies.pack.catalogue import catalogue
from tools.compare_checkov import judge
from tools.reference.checkov_page import mapped_checks
from tools.repository import ROOT
from tools.testing.policies import analyze_prod, platform

PREVIEW = "dev stack with policies"
_PACK = ROOT / "policy_pack"
OPTIONS = (
    *("--policy-pack", str(_PACK)),
    *("--policy-pack-config", str(_PACK / "config/dev.json")),
)
BAR_SECONDS = 0.3
"""Most that judging prod may take."""


@dataclass(frozen=True)
class Figures:
    """Seconds of each run.

    Attributes:
        resources: How many were judged.
        pack: Every policy over every resource, as the engine calls them.
        checkov: The checks that the policies imply, over the same; empty if it is not installed.
    """

    resources: int
    pack: Sequence[float]
    checkov: Sequence[float]


def measure(runs: int) -> Figures:
    """Judge prod so often by both; the first time, which compiles and caches, is left out."""
    resources = platform("prod")
    pack: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        analyze_prod()
        pack.append(time.perf_counter() - started)
    others: list[float] = []
    if judge.is_installed():
        answer = judge.ask({f"{turn:03}": resources for turn in range(runs + 1)})
        others = [seconds for _, seconds in sorted(answer.seconds.items())]
    return Figures(len(resources), pack[1:], others[1:])


def show(figures: Figures, judged: Sequence[float], unjudged: Sequence[float]) -> None:
    """Print medians, and what the pack adds to a preview.

    Args:
        figures: Of judging prod.
        judged: Seconds of previews with the pack.
        unjudged: Seconds of the same previews without it.
    """
    title = f"judging the {figures.resources} resources of prod"
    table = Table("by", "median s", "min s", "max s", title=title)
    rows = (
        (f"{len(catalogue())} policies of the pack", figures.pack),
        (f"{len(mapped_checks())} checks of checkov, once loaded", figures.checkov),
    )
    for name, seconds in rows:
        if seconds:
            cells = (statistics.median(seconds), min(seconds), max(seconds))
            table.add_row(name, *(f"{cell:.3f}" for cell in cells))
    console = Console()
    console.print(table)
    if not figures.checkov:
        console.print("checkov is not measured: `make compare-checkov` installs it")
    console.print(
        f"the policy pack over prod: {statistics.median(figures.pack):.3f} s (bar: {BAR_SECONDS} s)"
    )
    added = statistics.median(judged) - statistics.median(unjudged)
    console.print(f"the policy pack in a whole preview of dev: {added:+.2f} s")
