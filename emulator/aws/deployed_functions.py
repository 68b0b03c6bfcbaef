"""Deployed Lambda functions as this process invokes them."""

import os
from pathlib import Path

from moto.awslambda.models import LambdaFunction as MotoFunction

from emulator.aws.databases import CA_BUNDLE_VARIABLE, CA_VARIABLE
from emulator.functions import FUNCTIONS_VARIABLE
from emulator.functions.lambda_function import LambdaFunction, UnpackedFunction


def are_run() -> bool:
    """Return whether invocations run the function."""
    return os.environ.get(FUNCTIONS_VARIABLE) != "off"


def is_throttled(function: MotoFunction) -> bool:
    """Return whether the function has no concurrency."""
    return function.reserved_concurrency == 0


def deployed(function: MotoFunction) -> LambdaFunction:
    """Return a function's code and configuration as they are now."""
    return LambdaFunction(
        code=function.code_bytes,
        handler=str(function.handler),
        environment=dict(function.environment_vars),
        memory_megabytes=int(function.memory_size),
        timeout_seconds=float(function.timeout),
        region=function.region,
    )


def runnable(function: LambdaFunction, url: str) -> UnpackedFunction:
    """Return a function that reaches the emulated AWS and verifies the emulated databases.

    Args:
        function: The function.
        url: The URL of the emulated AWS.
    """
    return UnpackedFunction(function, url, _ca_bundle())


def _ca_bundle() -> dict[str, bytes]:
    """Return the emulated databases' CA certificate by its path in a function's archive."""
    certificate, path = os.environ.get(CA_VARIABLE), os.environ.get(CA_BUNDLE_VARIABLE)
    return {path: Path(certificate).read_bytes()} if certificate and path else {}
