"""`make bench`: how long a preview takes, and what of it is the platform's own.

Whole processes on the real engine against the emulated AWS, the programs taking turns, so that a
busy moment of the machine hits all of them alike.
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

from benchmarks import policies, rotation
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
"""What a program's previews get beside the usual."""
BAR_PERCENT = 15
"""Most that the platform may take longer than the flat program."""


def seconds_of_preview(rehearsal: Rehearsal, options: Sequence[str] = ()) -> float:
    """Time one preview of a stack that is not deployed."""
    started = time.perf_counter()
    done = subprocess.run(
        [rehearsal.launcher, *["preview", "--non-interactive", "--stack", "dev"], *options],
        capture_output=True,
        text=True,
        check=False,
    )
    taken = time.perf_counter() - started
    if done.returncode != 0:
        sys.exit(f"{' '.join(done.args[1:])} failed:\n{done.stdout}{done.stderr}")
    return taken


def main(
    runs: Annotated[int, typer.Option(min=1, help="Previews of each program.")] = 7,
) -> None:
    """Measure and show."""
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
                # The launcher is one file: it is written anew for each program.
                rehearsal.stack("dev")
                taken = seconds_of_preview(rehearsal, OPTIONS.get(name, ()))
                if turn > 0:  # the first turn compiles and caches
                    figures[name].append(taken)
    finally:
        shared.stop()
    show(figures)
    policies.show(policies.measure(runs), figures[policies.PREVIEW], figures["dev stack"])
    rotation.main()


def show(figures: dict[str, list[float]]) -> None:
    """Print medians, and the platform's own cost over the flat program."""
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
