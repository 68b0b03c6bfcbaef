"""`make bench`: preview times, and the platform's share of them.

Whole processes run on the real engine against the emulated AWS. The programs alternate, so that a
temporary load of the machine affects all of them equally.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import policies, rotation, setup
from rehearsal import Rehearsal
from tools.repository import ROOT

FOLDER = ROOT / ".bench"
PROGRAMS = {
    "empty program": ROOT / "benchmarks/empty",
    "flat program": ROOT / "benchmarks/flat",
    "dev stack": ROOT,
    policies.PREVIEW: ROOT,
}
OPTIONS = {policies.PREVIEW: policies.OPTIONS}
"""Additional options of a program's previews."""
BAR_PERCENT = 15
"""Maximum additional time of the platform over the flat program."""


def seconds_of_preview(rehearsal: Rehearsal, options: Sequence[str] = ()) -> float:
    """Time one preview of a stack that is not deployed."""
    started = time.perf_counter()
    done = subprocess.run(
        [rehearsal.launcher, *["preview", "--non-interactive", "--stack", "dev"], *options],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args[1:])} failed:\n{done.stdout}{done.stderr}")
    return seconds


def main(
    runs: Annotated[int, typer.Option(min=1, help="Previews of each program.")] = 7,
) -> None:
    """Run the benchmarks and print the results."""
    rehearsals = {
        name: Rehearsal(FOLDER, program, project_folder=name.replace(" ", "-"))
        for name, program in PROGRAMS.items()
    }
    shared = next(iter(rehearsals.values()))
    shared.start_aws()
    try:
        figures: dict[str, list[float]] = {name: [] for name in rehearsals}
        for turn in range(runs + 1):
            for name, rehearsal in rehearsals.items():
                # All programs share one launcher file, which this call rewrites.
                rehearsal.stack("dev")
                seconds = seconds_of_preview(rehearsal, OPTIONS.get(name, ()))
                if turn > 0:  # the first turn compiles and fills caches
                    figures[name].append(seconds)
    finally:
        shared.stop()
    show(figures)
    policies.show(policies.measure(runs), figures[policies.PREVIEW], figures["dev stack"])
    rotation.main()
    setup.main()


def show(figures: dict[str, list[float]]) -> None:
    """Print the medians, and the platform's additional time over the flat program."""
    table = Table("preview of", "median s", "min s", "max s", title="whole processes")
    for name, values in figures.items():
        cells = (statistics.median(values), min(values), max(values))
        table.add_row(name, *(f"{cell:.2f}" for cell in cells))
    console = Console()
    console.print(table)
    flat = statistics.median(figures["flat program"])
    own = statistics.median(figures["dev stack"]) / flat - 1
    console.print(
        f"the platform's own cost over the flat program: {own:+.1%} (bar: {BAR_PERCENT}%)"
    )


if __name__ == "__main__":
    typer.run(main)
