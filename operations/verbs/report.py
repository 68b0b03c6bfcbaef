"""`report`: a redacted archive for a support ticket."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from operations.aws.errors import AwsCallError, CredentialsError
from operations.context import Context, open_context
from operations.database.login import LoginRejectedError, UnreachableError
from operations.database.secret import STAGES, read_secret
from operations.errors import CannotRunError, ExitCode
from operations.output.console import line, note
from operations.output.files import require_writable
from operations.reports.ticket.parts import PARTS, Part, as_text
from operations.reports.ticket.redaction import redact, redacted
from operations.verbs.options import OutputsFile, StackName

ERRORS = "errors.txt"


def report(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    file: Annotated[
        Path | None, typer.Option(help="The archive. Default: STACK-report-TIME.zip.")
    ] = None,
) -> None:
    """Write outputs, checks, events, parameters, alarm history and logs to a ZIP file.

    Passwords are removed. A part that cannot be read is listed in errors.txt, and the exit code
    is 2.
    """
    archive = file or Path(f"{stack}-report-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip")
    require_writable("--file", archive)
    context = open_context(stack, outputs, note)
    known = _passwords(context)
    errors: list[str] = []
    try:
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
            for name, part in PARTS.items():
                note(f"reading {name}")
                found = _read(context, part, name, errors)
                if found is not None:
                    written.writestr(name, as_text(redacted(found, known)))
            if errors:
                written.writestr(ERRORS, redact("\n".join(errors) + "\n", known))
    except OSError as error:
        message = f"--file {archive} cannot be written: {error.strerror}"
        raise CannotRunError(message) from None
    line(str(archive))
    for each in errors:
        note(each)
    raise typer.Exit(ExitCode.CANNOT_RUN if errors else ExitCode.GOOD)


def _read(context: Context, part: Part, name: str, errors: list[str]) -> Any:
    try:
        return part(context)
    except CredentialsError:
        raise
    except (CannotRunError, UnreachableError, LoginRejectedError, KeyError) as error:
        errors.append(f"{name}: {error}")
        return None


def _passwords(context: Context) -> list[str]:
    """Return the passwords that can be read, to remove them from every part."""
    found: list[str] = []
    for arn in context.outputs.secret_arns.values():
        for stage in STAGES:
            try:
                found.append(read_secret(context.aws, arn, stage).password or "")
            except AwsCallError:
                # A version without this label, or no permission: then no part can contain it.
                continue
    return found
