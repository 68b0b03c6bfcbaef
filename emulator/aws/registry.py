"""The one list of corrections to moto, pinned to the moto version that they were tested with."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version

from emulator.aws import moto_internals
from emulator.aws.moto_internals import Handler

PINNED_MOTO = "5.2.5"

MODULES = (
    "cloudwatch_alarms",
    "ec2_security_groups",
    "event_targets",
    "iam_policies",
    "kms_keys",
    "lambda_functions",
    "log_groups",
    "metric_filters",
    "rds_clusters",
    "rds_engine_versions",
    "rds_cluster_values",
    "rds_references",
    "rds_cluster_settings",
    "rds_instances",
    "rds_event_subscriptions",
    "rds_running_parameters",
    "rds_parameters",
    "rds_subnet_groups",
    "rds_databases",
    "secrets",
    "secret_rotation",
    "sns_topics",
    "vpc_endpoints",
)
"""Below `emulator.aws.corrections`, in the order in which their corrections see a request."""


class MotoVersionError(RuntimeError):
    """Another moto is installed than the one that the corrections were tested with."""


@dataclass(frozen=True)
class Correction:
    """One fault of moto, mended at the server.

    Attributes:
        name: The function that mends it.
        fault: What moto does, in one line.
        aws: What AWS does.
        source: Where AWS says so, publicly.
        test: The test that proves it, `module::function` below `tests/emulator/aws`.
        operations: `service:Operation` of each operation that is wrapped; empty where moto's
            classes are changed instead.
        apply: Puts the correction in place.
    """

    name: str
    fault: str
    aws: str
    source: str
    test: str
    operations: tuple[str, ...]
    apply: Callable[[], None] = field(repr=False)


REGISTRY: dict[str, Correction] = {}
_applied: set[str] = set()


def corrects(
    *operations: str, fault: str, aws: str, source: str, test: str
) -> Callable[[Handler], Handler]:
    """Register a function that wraps operations of AWS; the first registered runs first."""

    def register(handler: Handler) -> Handler:
        def apply() -> None:
            for operation in operations:
                service, _, name = operation.partition(":")
                moto_internals.install(service, name, handler)

        _add(Correction(handler.__name__, fault, aws, source, test, operations, apply))
        return handler

    return register


def changes_classes(
    *, fault: str, aws: str, source: str, test: str
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that changes moto's classes, called once."""

    def register(apply: Callable[[], None]) -> Callable[[], None]:
        _add(Correction(apply.__name__, fault, aws, source, test, (), apply))
        return apply

    return register


def _add(correction: Correction) -> None:
    if correction.name in REGISTRY:
        message = f"two corrections are called {correction.name}"
        raise ValueError(message)
    REGISTRY[correction.name] = correction


def load() -> dict[str, Correction]:
    """Return every correction, by name, in the order in which they run."""
    for module in MODULES:
        importlib.import_module(f"emulator.aws.corrections.{module}")
    return REGISTRY


def apply_all() -> None:
    """Put every correction in place in this process, once.

    Raises:
        MotoVersionError: the installed moto is not the pinned one.
    """
    installed = version("moto")
    if installed != PINNED_MOTO:
        message = (
            f"moto {installed} is installed, but the emulator's corrections were tested with "
            f"{PINNED_MOTO}: run `pytest tests/emulator/aws` with PINNED_MOTO in "
            f"emulator/aws/registry.py set to {installed}, and keep it there if the tests pass"
        )
        raise MotoVersionError(message)
    if not _applied:
        moto_internals.answer_failures_as_aws_does()
    # Each layer wraps the one before it, so the first registered goes on last.
    for correction in reversed(load().values()):
        if correction.name not in _applied:
            correction.apply()
            _applied.add(correction.name)
