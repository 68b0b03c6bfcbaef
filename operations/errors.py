"""Expected failures of a command, each with the exit code of its kind."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every verb."""

    GOOD = 0
    """The command did what it says, and nothing is wrong."""
    FAILED = 1
    """A check failed."""
    CANNOT_RUN = 2
    """Usage, credentials, network, or outputs of another version."""
    REFUSED = 3
    """A confirmation is missing, or the stack is protected."""
    LEFT_BEHIND = 4
    """The command changed something and could not remove it again."""
    INTERRUPTED = 130
    """Ctrl-C, after cleaning up."""


class OperationsError(Exception):
    """A failure whose message says what to do; printed without a traceback."""

    exit_code = ExitCode.CANNOT_RUN


class CannotRunError(OperationsError):
    """The command cannot do its work: usage, credentials, network or outputs."""


class RefusedError(OperationsError):
    """The command would make a change that is not allowed or not confirmed."""

    exit_code = ExitCode.REFUSED


class CheckFailedError(OperationsError):
    """The command ran, and what it examined is wrong."""

    exit_code = ExitCode.FAILED


class LeftBehindError(OperationsError):
    """Something that the command created still exists; the message names the remedy."""

    exit_code = ExitCode.LEFT_BEHIND


class InterruptedCommandError(OperationsError):
    """Ctrl-C or SIGTERM ended the command, which has cleaned up."""

    exit_code = ExitCode.INTERRUPTED

    def __init__(self) -> None:
        super().__init__("interrupted")
