"""The DB clusters that exist before a deployment, and what it cannot change about its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import PlatformSettings
from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.errors import ConfigIssue
from program.lookup_errors import LookupErrors


@dataclass(frozen=True)
class ExistingClusters:
    """The DB clusters of the account in the region.

    Attributes:
        identifiers: Their identifiers.
        own: The platform's own cluster; None if it does not exist yet.
    """

    identifiers: Sequence[str] = ()
    own: aws.rds.GetClusterResult | None = None


def find_existing_clusters(
    errors: LookupErrors, settings: PlatformSettings, opts: pulumi.InvokeOptions | None = None
) -> ExistingClusters:
    """Look up the clusters, and check that the settings can apply to the platform's own.

    Args:
        errors: Collects every issue.
        settings: The platform's settings.
        opts: Options of the lookups.
    """
    name = settings.names.cluster

    def lookup() -> ExistingClusters:
        identifiers = aws.rds.get_clusters(opts=opts).cluster_identifiers
        if name not in identifiers:
            return ExistingClusters(identifiers)
        own = aws.rds.get_cluster(cluster_identifier=name, opts=opts)
        return ExistingClusters(identifiers, own)

    found = errors.collect(
        lookup,
        ExistingClusters(),
        key="platformName",
        value=settings.platform_name,
        expected=f"a platform whose cluster, {name}, can be looked up",
    )
    if found.own is not None:
        errors.issues += _port_issues(settings, found.own)
        errors.issues += _engine_version_issues(settings, found.own)
    return found


def _port_issues(
    settings: PlatformSettings, own: aws.rds.GetClusterResult
) -> Iterator[ConfigIssue]:
    """Reject a change of the port.

    AWS would change it at once, but the secrets contain the port, and no deployment rewrites them.
    """
    if own.port != settings.port:
        yield ConfigIssue(
            "port",
            settings.port,
            f"{own.port}, the port of {own.cluster_identifier}",
            "the secrets contain it, and clients, rotations and the setup would still connect to "
            "it; a platform with another port is a new one, restored from this one "
            "(docs/runbooks/restore.md)",
        )


def _engine_version_issues(
    settings: PlatformSettings, own: aws.rds.GetClusterResult
) -> Iterator[ConfigIssue]:
    """Reject a downgrade, and an upgrade to another major version that is not allowed.

    The parameter group is of the requested major version, and AWS would reject it for a cluster of
    another one in the middle of the deployment.
    """
    running, wanted = (
        engine_versions.parse(version) for version in (own.engine_version, settings.engine_version)
    )
    same_major = running[0] == wanted[0]
    if wanted < running and (settings.allow_engine_upgrade or not same_major):
        yield ConfigIssue(
            "engineVersion",
            settings.engine_version,
            f"{own.engine_version}, the version of {own.cluster_identifier}, or a later one",
            "AWS does not downgrade a cluster",
        )
    elif not same_major and not settings.allow_engine_upgrade:
        yield ConfigIssue(
            "engineVersion",
            settings.engine_version,
            f"a version of PostgreSQL {running[0]}, as {own.cluster_identifier} has, or also "
            "allowEngineUpgrade: true",
            f"the cluster has {own.engine_version}, and is only upgraded if that is allowed "
            "(docs/runbooks/upgrade.md)",
        )
