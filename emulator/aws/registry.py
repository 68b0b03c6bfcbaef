"""The list of patches to moto, pinned to the moto version that they were tested with."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version

from emulator.aws.moto_adapter import operations
from emulator.aws.moto_adapter.call import Handler

__all__ = ["PINNED_MOTO", "Patch", "load"]

PINNED_MOTO = "5.2.5"

MODULES = (
    "every_service.requests",
    "every_service.tags",
    "backup.vaults",
    "backup.plans",
    "backup.jobs",
    "backup.copies",
    "backup.restore_testing",
    "awslambda.concurrency",
    "awslambda.functions",
    "awslambda.invocations",
    "awslambda.network_interfaces",
    "cloudwatch.alarm_history",
    "cloudwatch.alarms",
    "cloudwatch.database_metrics",
    "ecs.tasks",
    "ec2.security_group_texts",
    "ec2.security_groups",
    "ec2.vpc_endpoints",
    "events.quotas",
    "events.schedules",
    "events.targets",
    "iam.policies",
    "iam.roles",
    "iam.simulation",
    "kms.keys",
    "logs.database_logs",
    "logs.groups",
    "logs.metric_filters",
    "rds.clusters",
    "rds_recovery.sources",
    "rds.engine_versions",
    "rds.major_engine_versions",
    "rds.cluster_values",
    "rds.managed_passwords",
    "rds.references",
    "rds.pending_changes",
    "rds.cluster_settings",
    "rds.instances",
    "rds.minor_upgrades",
    "rds.event_subscriptions",
    "rds.associated_roles",
    "rds.custom_endpoints",
    "rds.running_parameters",
    "rds.parameters",
    "rds.subnet_groups",
    "rds_recovery.restored_clusters",
    "rds.databases",
    "rds_recovery.point_in_time",
    "rds_recovery.automated_backups",
    "rds_recovery.maintenance",
    "secretsmanager.secrets",
    "secretsmanager.consistency",
    "secretsmanager.rotation",
    "sns.topics",
)
"""Modules of `emulator.aws.patches`, in the order in which their patches see a request."""


class MotoVersionError(RuntimeError):
    """The installed moto is not the version that the patches were tested with."""


@dataclass(frozen=True)
class Patch:
    """One difference between moto and AWS, fixed at the server.

    Attributes:
        name: The function that fixes it.
        moto_behaviour: What moto does, in one line.
        aws: What AWS does.
        source: Where AWS documents it, publicly.
        test: The test that proves it, `service/module::function` below
            `emulator/tests/aws/patches`.
        operations: `service:Operation` of each wrapped operation; empty if moto's classes are
            changed instead.
        apply: Applies the patch.
    """

    name: str
    moto_behaviour: str
    aws: str
    source: str
    test: str
    operations: tuple[str, ...]
    apply: Callable[[], None] = field(repr=False)


REGISTRY: dict[str, Patch] = {}
_applied: set[str] = set()


def patch_operations(
    *names: str, moto_behaviour: str, aws: str, source: str, test: str
) -> Callable[[Handler], Handler]:
    """Register a function that wraps operations of AWS; the first one registered runs first."""

    def register(handler: Handler) -> Handler:
        def apply() -> None:
            for name in names:
                service, _, operation = name.partition(":")
                operations.install(service, operation, handler)

        _add(Patch(handler.__name__, moto_behaviour, aws, source, test, names, apply))
        return handler

    return register


def patch_classes(
    *, moto_behaviour: str, aws: str, source: str, test: str
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that changes moto's classes; it is called once."""

    def register(apply: Callable[[], None]) -> Callable[[], None]:
        _add(Patch(apply.__name__, moto_behaviour, aws, source, test, (), apply))
        return apply

    return register


def _add(patch: Patch) -> None:
    if patch.name in REGISTRY:
        message = f"two patches are named {patch.name}"
        raise ValueError(message)
    REGISTRY[patch.name] = patch


def load() -> dict[str, Patch]:
    """Return every patch by name, in the order in which they run."""
    for module in MODULES:
        importlib.import_module(f"emulator.aws.patches.{module}")
    return REGISTRY


def apply_all() -> None:
    """Apply every patch in this process, once.

    Raises:
        MotoVersionError: the installed moto is not the pinned one.
    """
    installed = version("moto")
    if installed != PINNED_MOTO:
        message = (
            f"moto {installed} is installed, but the emulator's patches were tested with "
            f"{PINNED_MOTO}: set PINNED_MOTO in emulator/aws/registry.py to {installed}, run "
            "`pytest emulator/tests/aws`, and keep the new version if the tests pass"
        )
        raise MotoVersionError(message)
    if _applied:
        return
    # Each layer wraps the previous one, so the patch registered first is applied last.
    for patch in reversed(load().values()):
        patch.apply()
        _applied.add(patch.name)
    operations.answer_failures_as_aws_does()
