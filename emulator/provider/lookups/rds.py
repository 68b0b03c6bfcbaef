"""Lookups of RDS: engine versions, clusters and their snapshots."""

import re
from typing import Any

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties, get_path


def get_engine_version(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return one engine version, chosen as by the official provider.

    If several match a version prefix (`17`), `latest` or a preferred version decides.

    Raises:
        RejectedError: none matches, or several match and nothing decides.
    """
    found = aws.pages(
        "rds",
        "describe_db_engine_versions",
        "DBEngineVersions",
        Engine=arguments["engine"],
        EngineVersion=arguments.get("version"),
        DBParameterGroupFamily=arguments.get("parameterGroupFamily"),
        DefaultOnly=arguments.get("defaultOnly"),
        IncludeAll=arguments.get("includeAll"),
        Filters=_filters(arguments),
    )
    if not found:
        message = f"no RDS engine version matches {wanted(arguments)}"
        raise RejectedError(message)
    return description(chosen(found, arguments))


def chosen(found: list[Any], arguments: Properties) -> Properties:
    """Return the first preferred match, or the latest match.

    Raises:
        RejectedError: nothing decides.
    """
    preferred: list[str] = arguments.get("preferredVersions") or []
    if preferred:
        found = [one for version in preferred for one in found if one["EngineVersion"] == version]
    elif arguments.get("latest"):
        found = sorted(found, key=lambda one: numbers(one["EngineVersion"]), reverse=True)
    elif len(found) > 1:
        message = (
            f"{len(found)} RDS engine versions match {wanted(arguments)}; "
            "set latest or preferredVersions"
        )
        raise RejectedError(message)
    if not found:
        message = f"no RDS engine version matches {wanted(arguments)}"
        raise RejectedError(message)
    return found[0]


def description(version: Properties) -> Properties:
    """Return a version as the function's result."""
    targets: list[Properties] = version.get("ValidUpgradeTarget") or []
    return {
        "defaultCharacterSet": get_path(version, "DefaultCharacterSet.CharacterSetName"),
        "engine": version["Engine"],
        "engineDescription": version.get("DBEngineDescription"),
        "exportableLogTypes": version.get("ExportableLogTypes") or [],
        "id": version["EngineVersion"],
        "parameterGroupFamily": version["DBParameterGroupFamily"],
        "status": version.get("Status"),
        "supportedFeatureNames": version.get("SupportedFeatureNames") or [],
        "supportedModes": version.get("SupportedEngineModes") or [],
        "supportsGlobalDatabases": version.get("SupportsGlobalDatabases", False),
        "supportsLogExportsToCloudwatch": version.get("SupportsLogExportsToCloudwatchLogs", False),
        "supportsParallelQuery": version.get("SupportsParallelQuery", False),
        "supportsReadReplica": version.get("SupportsReadReplica", False),
        "validMajorTargets": _versions(targets, major=True),
        "validMinorTargets": _versions(targets, major=False),
        "validUpgradeTargets": [target["EngineVersion"] for target in targets],
        "version": version["EngineVersion"],
        "versionActual": version["EngineVersion"],
        "versionDescription": version.get("DBEngineVersionDescription"),
    }


def wanted(arguments: Properties) -> str:
    """Return the search criteria as text."""
    asked = {key: value for key, value in arguments.items() if value is not None}
    return ", ".join(f"{key} {value}" for key, value in sorted(asked.items()))


def numbers(version: str) -> tuple[int, ...]:
    """Return a version's numbers, which compare in version order."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _versions(targets: list[Properties], *, major: bool) -> list[str]:
    return [
        target["EngineVersion"]
        for target in targets
        if bool(target.get("IsMajorVersionUpgrade")) is major
    ]


def get_clusters(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the clusters that match the filters; there may be none."""
    found = aws.pages(
        "rds",
        "describe_db_clusters",
        "DBClusters",
        Filters=_filters(arguments),
    )
    return {
        "clusterArns": [each["DBClusterArn"] for each in found],
        "clusterIdentifiers": [each["DBClusterIdentifier"] for each in found],
    }


def get_cluster(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return a cluster by its identifier or ARN.

    Raises:
        RejectedError: it does not exist.
    """
    wanted = arguments["clusterIdentifier"]
    try:
        answer = aws.call("rds", "describe_db_clusters", DBClusterIdentifier=wanted)
    except AwsError as error:
        if error.code != "DBClusterNotFoundFault":
            raise
        message = f"reading RDS Cluster ({wanted}): couldn't find resource"
        raise RejectedError(message) from error
    (found,) = answer["DBClusters"]
    return {
        **{key: found.get(member) for key, member in _CLUSTER.items()},
        "id": found["DBClusterIdentifier"],
        "vpcSecurityGroupIds": get_path(found, "VpcSecurityGroups[].VpcSecurityGroupId"),
        "clusterMembers": get_path(found, "DBClusterMembers[].DBInstanceIdentifier"),
        "iamRoles": get_path(found, "AssociatedRoles[].RoleArn"),
        "tags": tagging.RDS.read(aws, found, found["DBClusterArn"]),
    }


def get_cluster_snapshot(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return a cluster snapshot by its name or ARN.

    Raises:
        RejectedError: it does not exist.
    """
    wanted = arguments["dbClusterSnapshotIdentifier"]
    try:
        answer = aws.call(
            "rds",
            "describe_db_cluster_snapshots",
            DBClusterSnapshotIdentifier=wanted,
            SnapshotType=arguments.get("snapshotType"),
            IncludeShared=arguments.get("includeShared"),
            IncludePublic=arguments.get("includePublic"),
        )
    except AwsError as error:
        if error.code != "DBClusterSnapshotNotFoundFault":
            raise
        message = f"reading RDS Cluster Snapshots: {error.reason}"
        raise RejectedError(message) from error
    (found,) = answer["DBClusterSnapshots"]
    return {
        **{key: found.get(member) for key, member in _SNAPSHOT.items()},
        "id": found["DBClusterSnapshotIdentifier"],
        "tags": tagging.RDS.read(aws, found, found["DBClusterSnapshotArn"]),
    }


def _filters(arguments: Properties) -> list[Properties] | None:
    filters: list[Properties] = arguments.get("filters") or []
    return [{"Name": one["name"], "Values": one["values"]} for one in filters] or None


_CLUSTER = {
    "arn": "DBClusterArn",
    "availabilityZones": "AvailabilityZones",
    "backupRetentionPeriod": "BackupRetentionPeriod",
    "clusterIdentifier": "DBClusterIdentifier",
    "clusterResourceId": "DbClusterResourceId",
    "databaseName": "DatabaseName",
    "dbClusterParameterGroupName": "DBClusterParameterGroup",
    "dbSubnetGroupName": "DBSubnetGroup",
    "endpoint": "Endpoint",
    "engine": "Engine",
    "engineMode": "EngineMode",
    "engineVersion": "EngineVersion",
    "hostedZoneId": "HostedZoneId",
    "iamDatabaseAuthenticationEnabled": "IAMDatabaseAuthenticationEnabled",
    "kmsKeyId": "KmsKeyId",
    "masterUsername": "MasterUsername",
    "networkType": "NetworkType",
    "port": "Port",
    "preferredBackupWindow": "PreferredBackupWindow",
    "preferredMaintenanceWindow": "PreferredMaintenanceWindow",
    "readerEndpoint": "ReaderEndpoint",
    "storageEncrypted": "StorageEncrypted",
}
_SNAPSHOT = {
    "allocatedStorage": "AllocatedStorage",
    "availabilityZones": "AvailabilityZones",
    "dbClusterIdentifier": "DBClusterIdentifier",
    "dbClusterSnapshotArn": "DBClusterSnapshotArn",
    "dbClusterSnapshotIdentifier": "DBClusterSnapshotIdentifier",
    "engine": "Engine",
    "engineVersion": "EngineVersion",
    "kmsKeyId": "KmsKeyId",
    "licenseModel": "LicenseModel",
    "port": "Port",
    "snapshotCreateTime": "SnapshotCreateTime",
    "snapshotType": "SnapshotType",
    "sourceDbClusterSnapshotArn": "SourceDBClusterSnapshotArn",
    "status": "Status",
    "storageEncrypted": "StorageEncrypted",
    "vpcId": "VpcId",
}
"""Results of the functions and AWS's names of them."""
