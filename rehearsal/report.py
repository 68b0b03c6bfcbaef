"""What a rehearsal shows."""

from pathlib import Path

from pulumi.automation import OpType, Stack
from rich.console import Console

from emulator.engine import Engine
from rehearsal.database import Login
from rehearsal.rehearsal import REPOSITORY

CONSOLE = Console(highlight=False, soft_wrap=True, emoji=False)
"""Whole lines and no emoji: paths and ARNs are there to be copied."""

LONG_OUTPUTS = frozenset({"readme"})
"""Outputs that are documents; a table is no place for them."""


def engine(found: Engine) -> None:
    """Tell which engine runs."""
    CONSOLE.print(f"[bold]engine[/]  pulumi {found.version} ({found.pulumi})")


def aws(url: str, *, started: bool) -> None:
    """Tell where the emulated AWS answers."""
    since = "started" if started else "still running from an earlier rehearsal"
    CONSOLE.print(f"[bold]AWS[/]     emulated at {url}, {since}")


def outputs(stack: Stack) -> None:
    """Show whether anything changed, and the outputs as a table."""
    last = stack.info()
    changes = dict((last and last.resource_changes) or {})
    if changes.keys() <= {OpType.SAME}:
        CONSOLE.print(f"[bold green]nothing changed[/] of {changes.get(OpType.SAME, 0)} resources")
    shown = {
        name: "[secret]" if output.secret else str(output.value)
        for name, output in sorted(stack.outputs().items())
        if name not in LONG_OUTPUTS
    }
    width = max(map(len, shown), default=0)
    CONSOLE.print(f"\n[bold]{'output':<{width}}  value[/]    stack {stack.name}")
    # No rich table: it cuts values to the width of the terminal, where they cannot be copied.
    for name, value in shown.items():
        CONSOLE.print(f"{name:<{width}}  {value}", markup=False)


def login(version: str, done: Login) -> None:
    """Show that the rotated password opens the database."""
    how = "over TLS, verified" if done.encrypted else "without TLS"
    CONSOLE.print(
        f"\n[bold green]rotated[/]: the secret's version is {version}\n"
        f"[bold green]logged in[/] with it as {done.user} to PostgreSQL {done.server}, {how}"
    )


def next_commands(stack: str, launcher: Path) -> None:
    """Show what to try next."""
    pulumi = _relative(launcher)
    CONSOLE.print("\nNext, against the same emulated AWS:")
    for command in (
        f"make rehearse STACK={stack}",
        f"make rotate STACK={stack}",
        f"{pulumi} preview --stack {stack} --diff",
        f"{pulumi} stack output --stack {stack} readme",
        f"{pulumi} refresh --stack {stack}",
        f"{pulumi} destroy --stack {stack}",
        "make rehearse-down",
    ):
        CONSOLE.print(f"  {command}", markup=False)


def interrupted(*, stopped_aws: bool) -> None:
    """Tell what a Ctrl-C leaves."""
    if stopped_aws:
        CONSOLE.print("\ninterrupted: the emulated AWS is stopped, nothing runs any more")
    else:
        CONSOLE.print(
            "\ninterrupted: the emulated AWS of the earlier rehearsal still runs, so "
            "`make rehearse` goes on from here; `make rehearse-down` stops it"
        )


def failed(stack: str) -> None:
    """Tell that the engine has refused."""
    CONSOLE.print(
        f"[bold red]stack {stack} is not deployed[/]: the reason stands above. After mending it, "
        "`make rehearse` goes on from here; `make rehearse-down` removes everything"
    )


def removed(folder: Path) -> None:
    """Tell that nothing is left."""
    CONSOLE.print(f"the emulated AWS is stopped and {_relative(folder)} is removed")


def _relative(path: Path) -> str:
    return f"./{path.relative_to(REPOSITORY)}" if path.is_relative_to(REPOSITORY) else str(path)
