"""`rotate`: start a rotation and follow it, show its state, or complete a stuck one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from operations.aws.errors import AwsCallError
from operations.context import Context, open_context
from operations.database.pausing import announce_resume
from operations.database.secret import (
    CURRENT,
    PENDING,
    SecretDeletedError,
    holders,
    is_scheduled_for_deletion,
)
from operations.errors import CannotRunError, CheckFailedError
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.outputs import MASTER
from operations.verbs.consent import require_apply
from operations.verbs.options import Apply, AsJson, OutputsFile, StackName

app = typer.Typer(no_args_is_help=False, help="Rotate a password, or look at its rotation.")

POLL_SECONDS = 1.0
DEFAULT_SECONDS = 300


SecretName = Annotated[
    str, typer.Option("--secret", help="User whose password is rotated, or `master`.")
]
Seconds = Annotated[int, typer.Option("--timeout", help="Seconds to wait for the end.")]


@app.callback(invoke_without_command=True)
def rotate(
    command: typer.Context,
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    secret: SecretName = MASTER,
    timeout: Seconds = DEFAULT_SECONDS,
    *,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """Rotate a password and wait until it is in use.

    Open connections stay open; clients that read the secret again after a rejected login continue.
    """
    if command.invoked_subcommand is not None:
        return
    context = open_context(stack, outputs, note, changes=True)
    arn = secret_arn(context, secret)
    before = holders(_present(context, arn)).get(CURRENT)
    require_apply(
        apply=apply,
        effect=f"rotates the {secret} password of {context.outputs.cluster_identifier} now; "
        "new logins with the old one are refused; free of charge, usually under a minute",
    )
    _finish(context, "rotate", arn, timeout, _start(context, arn, before), as_json_document)


@app.command("status")
def status(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    secret: SecretName = MASTER,
    *,
    as_json_document: AsJson = False,
) -> None:
    """Show whether a rotation is unfinished, and when the last and the next one are."""
    context = open_context(stack, outputs, note)
    arn = secret_arn(context, secret)
    summary = state(_describe(context, arn))
    good = summary["rotationEnabled"] and not summary["scheduledForDeletion"]
    if as_json_document:
        made = document(
            context,
            "rotate status",
            result="passed" if good else "failed",
            summary=summary,
        )
        line(as_json(made))
    else:
        _print(summary)
    if summary["scheduledForDeletion"]:
        raise CheckFailedError(str(SecretDeletedError(arn)))
    if not summary["rotationEnabled"]:
        message = "rotation is disabled: deploy (`pulumi up --refresh`) to enable it"
        raise CheckFailedError(message)


@app.command("unstick")
def unstick(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    secret: SecretName = MASTER,
    timeout: Seconds = DEFAULT_SECONDS,
    *,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """Complete an unfinished rotation. Never removes AWSPENDING, which may be the only password."""
    context = open_context(stack, outputs, note, changes=True)
    arn = secret_arn(context, secret)
    stages = holders(_present(context, arn))
    if stages.get(PENDING) in (None, stages.get(CURRENT)):
        note("nothing to do: no rotation is unfinished")
        return
    require_apply(
        apply=apply,
        effect=f"repeats the unfinished rotation to version {stages[PENDING]}, which the function "
        "continues where it stopped",
    )
    _finish(
        context,
        "rotate unstick",
        arn,
        timeout,
        _start(context, arn, stages.get(CURRENT)),
        as_json_document,
    )


def secret_arn(context: Context, secret: str) -> str:
    """Return the ARN of a secret.

    Raises:
        CannotRunError: the stack does not have it.
    """
    known = context.outputs.secret_arns
    if secret not in known:
        message = (
            f"--secret {secret}: stack {context.stack} has no such secret; "
            f"it has {', '.join(known)}"
        )
        raise CannotRunError(message)
    return known[secret]


def state(secret: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a rotation.

    Args:
        secret: Response of DescribeSecret.
    """
    stages = holders(secret)
    pending = stages.get(PENDING)
    return {
        "secret": secret["Name"],
        "rotationEnabled": bool(secret.get("RotationEnabled")),
        "currentVersion": stages.get(CURRENT),
        "unfinishedVersion": pending if pending != stages.get(CURRENT) else None,
        "lastRotated": _text(secret.get("LastRotatedDate")),
        "nextRotation": _text(secret.get("NextRotationDate")),
        "scheduledForDeletion": is_scheduled_for_deletion(secret),
    }


def _start(context: Context, arn: str, before: str | None) -> Callable[[], bool]:
    """Request the rotation and return whether it has finished, as a function."""
    announce_resume(context)
    try:
        context.aws.call("secretsmanager", "rotate_secret", SecretId=arn)
    except AwsCallError as error:
        # Secrets Manager repeats an unfinished rotation, and says so as an error.
        if "previous rotation" not in error.reason:
            raise
        note(f"Secrets Manager: {error.reason}")

    def finished() -> bool:
        stages = holders(_describe(context, arn))
        current = stages.get(CURRENT)
        return current != before and stages.get(PENDING) in (None, current)

    return finished


def _finish(
    context: Context,
    verb: str,
    arn: str,
    timeout: int,
    finished: Callable[[], bool],
    as_json_document: bool,  # noqa: FBT001 - passed on
) -> None:
    deadline = time.monotonic() + timeout
    while not (done := finished()) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    summary = state(_describe(context, arn))
    if as_json_document:
        result = "passed" if done else "failed"
        line(as_json(document(context, verb, result=result, summary=summary)))
    elif done:
        _print(summary)
        note(f"rotated in {context.stopwatch.read().seconds:.1f} s")
    if not done:
        message = (
            f"the rotation did not finish within {timeout} s; the current password still works. "
            "docs/runbooks/alarms/rotation-failed.md finds the cause; `rotate unstick` completes it"
        )
        raise CheckFailedError(message)


def _print(summary: dict[str, Any]) -> None:
    for name, key in (
        ("secret", "secret"),
        ("rotation", "rotationEnabled"),
        ("current version", "currentVersion"),
        ("unfinished version", "unfinishedVersion"),
        ("last rotation", "lastRotated"),
        ("next rotation", "nextRotation"),
    ):
        value = summary[key]
        shown = {True: "enabled", False: "disabled", None: "none"}.get(value, value)
        OUT.print(f"[dim]{name:<20}[/]{shown}", soft_wrap=True)


def _describe(context: Context, arn: str) -> dict[str, Any]:
    return context.aws.call("secretsmanager", "describe_secret", SecretId=arn)


def _present(context: Context, arn: str) -> dict[str, Any]:
    described = _describe(context, arn)
    if is_scheduled_for_deletion(described):
        raise SecretDeletedError(arn)
    return described


def _text(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None
