"""The DB clusters that exist before a deployment, and what it cannot change about its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import PlatformSettings
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
    """Look up the clusters.

    Args:
        errors: Collects the issue if they cannot be looked up.
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

    return errors.collect(
        lookup,
        ExistingClusters(),
        key="platformName",
        value=settings.platform_name,
        expected=f"a platform whose cluster, {name}, can be looked up",
    )


def port_issues(
    settings: PlatformSettings, own: aws.rds.GetClusterResult | None
) -> Iterator[ConfigIssue]:
    """Reject a change of the port.

    AWS would change it at once, but the secrets contain the port, and no deployment rewrites them:
    clients, rotations and the setup would go on to connect to the old one.

    Args:
        settings: The platform's settings.
        own: The platform's cluster, if it exists.
    """
    if own is not None and own.port != settings.port:
        yield ConfigIssue(
            "port",
            settings.port,
            f"{own.port}, the port of {own.cluster_identifier}",
            "the secrets contain it, and clients, rotations and the setup would still connect to "
            "it; a platform with another port is a new one, restored from this one "
            "(docs/runbooks/restore.md)",
        )
