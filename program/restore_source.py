"""Lookup and validation of a restored cluster's source, before deployment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import PlatformSettings
from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.types import EngineLifecycleSupport
from program.existing_clusters import ExistingClusters
from program.lookup_errors import LookupErrors


@dataclass(frozen=True)
class Source:
    """The properties of a source that limit the new cluster.

    Attributes:
        engine_version: Engine version of the source.
        may_be_later: Whether the new cluster can have a later one.
    """

    engine_version: str
    may_be_later: bool


def find_source(
    errors: LookupErrors,
    settings: PlatformSettings,
    clusters: ExistingClusters,
    opts: pulumi.InvokeOptions | None = None,
    *,
    now: datetime,
) -> Source | None:
    """Look up the source of a new cluster, and check that it can be restored.

    If the cluster exists already, its source no longer matters and may be gone: nothing is looked
    up, and a message says that `restoreFrom` has no effect.

    Args:
        errors: Collects every issue.
        settings: The platform's settings.
        clusters: The clusters that exist.
        opts: Options of the lookups.
        now: Time against which the restore window is counted.

    Returns:
        None if nothing is restored, or if the source cannot be looked up.
    """
    source, new = settings.restore_from, settings.names.cluster
    if not source.is_given:
        return None
    if clusters.own is not None:
        pulumi.log.info(
            f"restoreFrom has no effect: it is read when a cluster is created, and {new} exists"
        )
        return None
    if source.snapshot:
        return _snapshot(errors, settings, clusters.identifiers, opts)
    if source.resource_id:
        pulumi.log.warn(
            f"restoreFrom.cluster {source.cluster}: the AWS provider cannot look up the automated "
            "backups of a deleted cluster, so nothing was checked; masterUsername, databaseName "
            "and the major engine version must be those of the deleted cluster"
        )
        return None
    return _cluster(errors, settings, now, opts)


def _snapshot(
    errors: LookupErrors,
    settings: PlatformSettings,
    clusters: Sequence[str],
    opts: pulumi.InvokeOptions | None,
) -> Source | None:
    key, name = "restoreFrom.snapshot", settings.restore_from.snapshot
    expected = "a DB cluster snapshot that this account may restore"
    found = errors.collect(
        lambda: aws.rds.get_cluster_snapshot(
            db_cluster_snapshot_identifier=name,
            snapshot_type=_type_of(name),
            include_shared=name.startswith("arn:"),
            opts=opts,
        ),
        None,
        key=key,
        value=name,
        expected=expected,
    )
    if found is None:
        return None
    problems = [*_unsuitable(found.engine, found.engine_version, settings)]
    if found.status != "available":
        problems.append(f"its status is {found.status}")
    errors.issues += [ConfigIssue(key, name, expected, problem) for problem in problems]
    if not settings.apply_immediately:
        errors.issues.append(
            ConfigIssue(
                "applyImmediately",
                settings.apply_immediately,
                "true until the second deployment after a restore from a snapshot",
                "that deployment enables IAM authentication, and users with it could not log in "
                "before the next maintenance window",
            )
        )
    if found.storage_encrypted:
        _require_key(errors, key, name, found.kms_key_id, opts)
    if found.db_cluster_identifier in clusters:
        cluster = aws.rds.get_cluster(cluster_identifier=found.db_cluster_identifier, opts=opts)
        errors.issues += _same_owner(settings, cluster)
    else:
        pulumi.log.warn(
            f"{key} {name}: this account has no cluster {found.db_cluster_identifier} in this "
            "region, so "
            "masterUsername and databaseName could not be compared; they must be those of the "
            "snapshot"
        )
    pulumi.log.info(
        f"{settings.names.cluster} is created from the snapshot {name} of "
        f"{found.db_cluster_identifier}, taken {found.snapshot_create_time}, as a copy encrypted "
        "with this platform's key"
    )
    _warn_about_second_deployment(key, "IAM authentication and Performance Insights")
    return Source(found.engine_version, may_be_later=True)


def _type_of(snapshot: str) -> str | None:
    """Return the type that AWS requires in a request for an automated snapshot.

    Source: RDS API reference, DescribeDBClusterSnapshots, DBClusterSnapshotIdentifier. Those of AWS
    Backup are manual ones (Aurora user guide, Using AWS Backup).
    """
    name = snapshot.partition(":cluster-snapshot:")[2] or snapshot
    return "automated" if name.startswith("rds:") else None


def _cluster(
    errors: LookupErrors,
    settings: PlatformSettings,
    now: datetime,
    opts: pulumi.InvokeOptions | None,
) -> Source | None:
    key, source = "restoreFrom.cluster", settings.restore_from
    expected = "an encrypted aurora-postgresql cluster in this region"
    found = errors.collect(
        lambda: aws.rds.get_cluster(cluster_identifier=source.cluster, opts=opts),
        None,
        key=key,
        value=source.cluster,
        expected=expected,
    )
    if found is None:
        return None
    problems = [*_unsuitable(found.engine, found.engine_version, settings)]
    if not found.storage_encrypted:
        problems.append(
            "an unencrypted cluster cannot be restored to a point in time with a KMS key; take a "
            "snapshot and restore that"
        )
    errors.issues += [ConfigIssue(key, source.cluster, expected, problem) for problem in problems]
    errors.issues += _outside_of_window(source.moment, found.backup_retention_period, now)
    errors.issues += _same_owner(settings, found)
    if found.storage_encrypted:
        _require_key(errors, key, source.cluster, found.kms_key_id, opts)
    _warn_about_second_deployment(key, "Performance Insights")
    if settings.engine_lifecycle_support is EngineLifecycleSupport.DISABLED:
        remedy = (
            f"aws rds modify-db-cluster --db-cluster-identifier {settings.names.cluster} "
            f"--engine-lifecycle-support {settings.engine_lifecycle_support}"
        )
        pulumi.log.warn(
            f"{key}: the AWS provider does not send engineLifecycleSupport when it restores to a "
            "point in time, and AWS then enrolls the cluster in Extended Support; disable it "
            f"afterwards with `{remedy}`"
        )
    pulumi.log.info(
        f"{settings.names.cluster} is created from {source.cluster} (time: {source.time}, "
        f"method: {source.method}), encrypted with this platform's key"
    )
    return Source(found.engine_version, may_be_later=False)


def _warn_about_second_deployment(key: str, omitted: str) -> None:
    """Warn that the restore is incomplete until a second deployment.

    Source: terraform-provider-aws, resourceClusterCreate.
    """
    pulumi.log.warn(
        f"{key}: the AWS provider does not enable {omitted} when it restores a cluster; run "
        "`pulumi up` a second time"
    )


def _unsuitable(engine: str, version: str, settings: PlatformSettings) -> Iterator[str]:
    if engine != engine_versions.ENGINE:
        yield f"its engine is {engine}"
    elif engine_versions.parse(version)[0] != settings.major_version:
        yield (
            f"its engine version is {version}, and engineVersion is {settings.engine_version}: "
            "restore with the same major version, then upgrade"
        )


def _outside_of_window(
    moment: datetime | None, retention_days: int, now: datetime
) -> Iterator[ConfigIssue]:
    earliest = now - timedelta(days=retention_days)
    if moment is not None and not earliest <= moment <= now:
        yield ConfigIssue(
            "restoreFrom.time",
            f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            f"a time from {earliest:%Y-%m-%dT%H:%M:%SZ} until now",
            f"the source keeps its backups for {retention_days} days",
        )


def _same_owner(
    settings: PlatformSettings, source: aws.rds.GetClusterResult
) -> Iterator[ConfigIssue]:
    for key, own, other in (
        ("masterUsername", settings.master_username, source.master_username),
        ("databaseName", settings.database_name, source.database_name),
    ):
        if own != other:
            yield ConfigIssue(
                key,
                own,
                other,
                f"a restored cluster keeps the value of {source.cluster_identifier}",
            )


def _require_key(
    errors: LookupErrors,
    key: str,
    value: str,
    key_id: str,
    opts: pulumi.InvokeOptions | None,
) -> None:
    def lookup() -> None:
        found = aws.kms.get_key(key_id=key_id, opts=opts)
        if not found.enabled:
            msg = f"its key {found.arn} is {found.key_state}"
            raise LookupError(msg)

    errors.collect(
        lookup,
        None,
        key=key,
        value=value,
        expected="a source whose KMS key is enabled and visible to this role",
    )
