"""Terminal output of the rehearsal's commands."""

from collections.abc import Sequence
from pathlib import Path

from pulumi.automation import OpType, Stack
from rich.console import Console

from emulator.engine import Engine
from rehearsal.database import Login
from rehearsal.rehearsal import REPOSITORY
from rehearsal.users import IAM, UserAccess

CONSOLE = Console(highlight=False, soft_wrap=True, emoji=False)
"""Prints whole lines without emoji, so that paths and ARNs can be copied."""

LONG_OUTPUTS = frozenset({"readme", "databaseSetup", "declaredState", "users"})
"""Outputs that are documents and do not fit a table."""


def engine(found: Engine) -> None:
    """Print the version and path of the engine."""
    CONSOLE.print(f"[bold]engine[/]  pulumi {found.version} ({found.pulumi})")


def databases(why_none: str | None) -> None:
    """Print that no database is emulated, and what a rehearsal does not show then."""
    if why_none:
        CONSOLE.print(
            f"[bold yellow]no database is emulated[/]: {why_none}. The stack is deployed without "
            "the setup of databases and users, rotations and logins"
        )


def aws(url: str, *, started: bool) -> None:
    """Print the URL of the emulated AWS."""
    since = "started" if started else "still running from an earlier rehearsal"
    CONSOLE.print(f"[bold]AWS[/]     emulated at {url}, {since}")


def outputs(stack: Stack) -> None:
    """Print whether anything changed, and the outputs as a table."""
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
    # A rich table would cut values to the width of the terminal.
    for name, value in shown.items():
        CONSOLE.print(f"{name:<{width}}  {value}", markup=False)


def waiting_for_rotation(secret_arn: str) -> None:
    """Print that the command waits for a secret's first rotation."""
    CONSOLE.print(f"\nwaiting for the first rotation of {secret_arn}")


def rotating(secret_arn: str) -> None:
    """Print that the command rotates a secret."""
    CONSOLE.print(f"\nrotating {secret_arn}")


def login(version: str, done: Login) -> None:
    """Print the version of the rotated secret and the login with it."""
    how = "over TLS, verified" if done.encrypted else "without TLS"
    CONSOLE.print(
        f"[bold green]rotated[/]: the secret's version is {version}\n"
        f"[bold green]logged in[/] with it as {done.user} to PostgreSQL {done.server}, {how}"
    )


def access(found: Sequence[UserAccess]) -> None:
    """Print what each declared user did with a table of its database's owner role."""
    for each in found:
        how = "an IAM token" if each.authentication == IAM else "the password in its secret"
        did = "wrote and read" if each.can_write else "read, and could not write,"
        CONSOLE.print(
            f"[bold green]logged in[/] as {each.session_user} with {how}: {each.user} {did} a "
            "table of the owner role"
        )
    if any(each.authentication == IAM for each in found):
        CONSOLE.print("An emulated database does not verify a token's signature and permission.")


def next_commands(stack: str, options: str, launcher: Path, operations: Path) -> None:
    """Print the commands to try next.

    Args:
        stack: The stack.
        options: Options of `make` after the stack.
        launcher: The script that runs pulumi.
        operations: The script that runs the day-2 commands.
    """
    pulumi = _relative(launcher)
    CONSOLE.print("\nNext, against the same emulated AWS:")
    for command in (
        f"make rehearse STACK={stack}{options}",
        f"make rotate STACK={stack}{options}",
        f"{_relative(operations)} verify --stack {stack}",
        f"{pulumi} preview --stack {stack} --diff",
        f"{pulumi} stack output --stack {stack} readme",
        f"{pulumi} refresh --stack {stack}",
        f"{pulumi} destroy --stack {stack}",
        f"make rehearse-down{options}",
    ):
        CONSOLE.print(f"  {command}", markup=False)


def consumer(launcher: Path, vpc_id: str, subnet_ids: Sequence[str]) -> None:
    """Print what a program that uses the package needs."""
    CONSOLE.print(
        f"\nPulumi, in the folder of your program:  {launcher}\n"
        f"package:    {REPOSITORY / 'package'}\n"
        f"vpcId:      {vpc_id}\n"
        f"subnetIds:  [{', '.join(subnet_ids)}]",
        markup=False,
    )


def interrupted(*, stopped_aws: bool) -> None:
    """Print what is still running after Ctrl-C."""
    if stopped_aws:
        CONSOLE.print("\ninterrupted: the emulated AWS is stopped, and nothing is still running")
    else:
        CONSOLE.print(
            "\ninterrupted: the emulated AWS of the earlier rehearsal is still running. "
            "`make rehearse` continues from here; `make rehearse-down` stops it"
        )


def failed(stack: str, options: str, log: Path) -> None:
    """Print how to continue after the engine reported an error."""
    CONSOLE.print(
        f"[bold red]stack {stack} was not deployed[/]: see the error above (the emulated AWS log "
        f"is {_relative(log)}). After fixing it, `make rehearse STACK={stack}{options}` continues "
        f"from here; `make rehearse-down{options}` deletes everything"
    )


def removed(folder: Path) -> None:
    """Print that the rehearsal is deleted."""
    CONSOLE.print(f"the emulated AWS is stopped and {_relative(folder)} is removed")


def _relative(path: Path) -> str:
    return f"./{path.relative_to(REPOSITORY)}" if path.is_relative_to(REPOSITORY) else str(path)
