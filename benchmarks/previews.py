"""Benchmark of previews: whole processes on the real engine against the emulated AWS.

The programs alternate, so that a temporary load of the machine affects all of them equally. Every
program starts in a process of its own (`EMULATOR_PRELOAD=off`), as with Pulumi's language host.
"""

import os
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import cdk_synth
from benchmarks.machine import timed, verdict
from emulator.workspace import WITHOUT_CHECKPOINTS
from rehearsal import Rehearsal
from tools.repository import ROOT

FOLDER = ROOT / ".bench"
FLAT, DEV, WITH_POLICIES = "flat program", "dev stack", "dev stack with policies"
CDK = "cdk synth of a stack like dev"
PLATFORMS = (1, 5, 20, 50)
BAR_PERCENT = 10
"""Maximum additional time of the platform over the flat program."""
_PACK = ROOT / "policy_pack"
_STACK = "dev"


@dataclass(frozen=True)
class Preview:
    """A preview to measure.

    Attributes:
        program: The program's folder.
        options: Additional options of `pulumi preview`.
        changes: Differences from its stack file.
        once: Whether one run is enough, because it takes long.
        environment: Additional variables.
    """

    program: Path
    options: Sequence[str] = ()
    changes: Mapping[str, object] | None = None
    once: bool = False
    environment: Mapping[str, str] = field(default_factory=dict[str, str])


def _many(count: int) -> Preview:
    """Return a preview without the CLI's snapshots.

    With its own backend the CLI serializes all resources after each one, in a preview as well: ten
    platforms take 33 s instead of 20 s, twenty more than 100 s instead of 22 s, whatever they are.
    """
    return Preview(
        ROOT / "benchmarks/many",
        changes={"bench:platforms": count},
        once=count > 1,
        environment=WITHOUT_CHECKPOINTS,
    )


PREVIEWS: Mapping[str, Preview] = {
    "empty program": Preview(ROOT / "benchmarks/empty"),
    FLAT: Preview(ROOT / "benchmarks/flat"),
    DEV: Preview(ROOT),
    WITH_POLICIES: Preview(
        ROOT,
        (
            *("--policy-pack", str(_PACK)),
            *("--policy-pack-config", str(_PACK / "config/dev.json")),
        ),
    ),
    **{f"{count} platforms like dev": _many(count) for count in PLATFORMS},
}


@dataclass(frozen=True)
class Seconds:
    """Times of one preview.

    Attributes:
        wall: From its start to its end.
        engine: CPU time of the CLI and of what it starts.
        program: CPU time of the program.
        emulated: CPU time of the emulated AWS, which runs the providers and the language host.
    """

    wall: float
    engine: float
    program: float
    emulated: float


def measure(runs: int) -> dict[str, list[Seconds]]:
    """Measure every preview, the programs in turn.

    Args:
        runs: Number of runs of each; one more comes first, which compiles and fills caches.
    """
    # A rehearsal writes this variable into the scripts that start its programs.
    os.environ["EMULATOR_PRELOAD"] = "off"
    rehearsals = {
        name: Rehearsal(FOLDER, preview.program, project_folder=name.replace(" ", "-"))
        for name, preview in PREVIEWS.items()
    }
    shared = next(iter(rehearsals.values()))
    shared.start_aws()
    try:
        found: dict[str, list[Seconds]] = {name: [] for name in rehearsals}
        for turn in range(runs + 1):
            for name, rehearsal in rehearsals.items():
                if PREVIEWS[name].once and turn != 1:
                    continue
                rehearsal.stack(_STACK, PREVIEWS[name].changes)
                seconds = _preview(rehearsal, PREVIEWS[name])
                if turn > 0:
                    found[name].append(seconds)
            if cdk_synth.is_available():
                whole, cpu = cdk_synth.synthesize()
                if turn > 0:
                    found.setdefault(CDK, []).append(Seconds(whole, 0, cpu, 0))
        return found
    finally:
        shared.stop()


def wall(seconds: Sequence[Seconds]) -> float:
    """Return the median of the wall clock."""
    return statistics.median(each.wall for each in seconds)


def show(found: Mapping[str, Sequence[Seconds]], *, busy: bool) -> None:
    """Print the medians, the platform's additional time, and the time per platform."""
    table = Table("preview of", "wall s", "engine", "program", "emulated AWS", title="previews")
    for name, seconds in found.items():
        cpu = [
            statistics.median(getattr(each, part) for each in seconds)
            for part in ("engine", "program", "emulated")
        ]
        table.add_row(name, f"{wall(seconds):.2f}", *(f"{each:.2f}" for each in cpu))
    console = Console()
    console.print(table)
    console.print("engine, program and emulated AWS: CPU seconds")
    own = 100 * (wall(found[DEV]) / wall(found[FLAT]) - 1)
    console.print(
        f"the platform's own cost over the flat program: {own:+.1f}% (bar: {BAR_PERCENT}%): "
        f"{verdict(own, BAR_PERCENT, busy=busy)}"
    )
    if CDK in found:
        slower = 100 * (wall(found[DEV]) / wall(found[CDK]) - 1)
        console.print(
            f"preview of dev over cdk synth: {slower:+.1f}% (bar: 0%): "
            f"{verdict(slower, 0, busy=busy)}"
        )
    else:
        console.print(cdk_synth.NODE_IS_MISSING)
    empty = wall(found["empty program"])
    each = {
        count: (wall(found[f"{count} platforms like dev"]) - empty) / count for count in PLATFORMS
    }
    listed = ", ".join(f"{seconds:.2f} s of {count}" for count, seconds in each.items())
    console.print(
        f"time per platform, without that of the empty program: {listed} (bar: no more than that "
        f"of one): {verdict(max(each.values()), each[1], busy=busy)}"
    )


def _preview(rehearsal: Rehearsal, preview: Preview) -> Seconds:
    """Time one preview of a stack that is not deployed."""
    own, children = _emulated_aws(rehearsal)
    arguments = ("preview", "--non-interactive", "--stack", _STACK, *preview.options)
    wall_clock, engine = timed(
        [rehearsal.engine.pulumi, "--cwd", rehearsal.project.folder, *arguments],
        {**os.environ, **rehearsal.environment(), **preview.environment},
    )
    own_after, children_after = _emulated_aws(rehearsal)
    return Seconds(wall_clock, engine, program=children_after - children, emulated=own_after - own)


def _emulated_aws(rehearsal: Rehearsal) -> tuple[float, float]:
    """Return the CPU seconds of the emulated AWS and of its ended children (proc_pid_stat(5))."""
    process = (rehearsal.folder / "aws/pid").read_text().strip()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system, children_user, children_system = (int(field) for field in fields[11:15])
    ticks = os.sysconf("SC_CLK_TCK")
    return (user + system) / ticks, (children_user + children_system) / ticks
