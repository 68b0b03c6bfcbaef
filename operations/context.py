"""The context of a command: the stack's outputs and clients of its region."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from operations.aws.clients import AwsClients
from operations.errors import CannotRunError
from operations.outputs import StackOutputs, read_outputs
from operations.stopwatch import Stopwatch


def _silent(_message: str) -> None:
    return None


@dataclass(frozen=True)
class Context:
    """One command's stack and clients.

    Attributes:
        stack: Name of the stack.
        outputs: Its outputs.
        aws: Clients of its region.
        note: Prints a message for people, on stderr.
        stopwatch: Runs since the command started.
    """

    stack: str
    outputs: StackOutputs
    aws: AwsClients
    note: Callable[[str], None] = field(default=_silent, repr=False)
    stopwatch: Stopwatch = field(default_factory=Stopwatch)


def open_context(
    stack: str, file: Path | None, note: Callable[[str], None] = _silent, *, changes: bool = False
) -> Context:
    """Read the outputs and check that the credentials are those of the stack's account.

    Args:
        stack: Name of the stack.
        file: File of the outputs. Default: run `pulumi stack output`.
        note: Prints a message for people.
        changes: Whether the command changes state; then the configured region, if any, must be the
            stack's too.

    Raises:
        CannotRunError: there are no outputs or no usable credentials, or they belong to another
            account or region.
    """
    outputs = read_outputs(stack, file)
    aws = AwsClients(outputs.region)
    caller = str(aws.identity["Account"])
    if caller != outputs.account:
        message = (
            f"the credentials belong to account {caller} ({aws.identity['Arn']}), but stack "
            f"{stack} is in account {outputs.account}: choose another AWS_PROFILE or another "
            "--stack"
        )
        raise CannotRunError(message)
    region = aws.configured_region
    if region is not None and region != outputs.region:
        message = f"the configured region is {region}, but stack {stack} is in {outputs.region}"
        if changes:
            message += ": set AWS_REGION to the stack's region before changing it"
            raise CannotRunError(message)
        note(f"{message}; the commands use the region of the stack")
    return Context(stack, outputs, aws, note)
