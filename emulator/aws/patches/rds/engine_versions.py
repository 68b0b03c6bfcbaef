"""Engine versions: what AWS offers today, and what clusters may be created on or moved to."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.aurora.versions import ENGINE, EngineVersion
from emulator.aws.errors import reject, reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "rds/test_engine_versions"
_DESCRIPTION = "Aurora PostgreSQL (Compatible with PostgreSQL {})"


@patch_operations(
    "rds:DescribeDBEngineVersions",
    moto_behaviour="not implemented",
    aws="returns the versions available today, by engine, version or major version, family, "
    "default and status",
    source="RDS API reference, DescribeDBEngineVersions",
    test=f"{_TEST}::test_versions_are_listed_by_filter",
)
def list_engine_versions(call: Call, proceed: Proceed) -> Answer:
    """Answer from the dated table; `IncludeAll` adds versions that are no longer available."""
    del proceed
    params = call.params
    day = aurora_versions.today()
    if params.get("Engine") not in (None, ENGINE):
        _reject_engine(params["Engine"])
    include_all = params.get("IncludeAll", False)
    versions = [
        version
        for version in aurora_versions.table().values()
        if version.released <= day
        and (include_all or version.is_offered(day))
        and _matches(version, params, day)
    ]
    return answer({"DBEngineVersions": [_described(version) for version in versions]})


def _matches(version: EngineVersion, params: Mapping[str, Any], day: date) -> bool:
    requested = params.get("EngineVersion")
    statuses = {
        value
        for condition in params.get("Filters", [])
        if condition["Name"] == "status"
        for value in condition["Values"]
    }
    status = "available" if version.is_offered(day) else "deprecated"
    return (
        requested in (None, version.name, version.major)
        and params.get("DBParameterGroupFamily") in (None, version.family)
        and (not params.get("DefaultOnly") or _is_default(version, requested, day))
        and (not statuses or status in statuses)
    )


def _is_default(version: EngineVersion, requested: str | None, day: date) -> bool:
    major = requested.partition(".")[0] if requested else None
    return aurora_versions.resolve(major, day) == version


def _described(version: EngineVersion) -> dict[str, object]:
    day = aurora_versions.today()
    low, high = aurora_versions.SERVERLESS_CAPACITY
    return {
        "Engine": ENGINE,
        "EngineVersion": version.name,
        "DBParameterGroupFamily": version.family,
        "DBEngineDescription": "Aurora PostgreSQL",
        "DBEngineVersionDescription": _DESCRIPTION.format(version.name),
        "ExportableLogTypes": list(aurora_versions.EXPORTABLE_LOG_TYPES),
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": False,
        "SupportedEngineModes": ["provisioned"],
        "SupportsParallelQuery": False,
        "SupportsGlobalDatabases": True,
        "SupportsIntegrations": False,
        "Status": "available" if version.is_offered(day) else "deprecated",
        "ServerlessV2FeaturesSupport": {"MinCapacity": low, "MaxCapacity": high},
        "ValidUpgradeTarget": [
            {
                "Engine": ENGINE,
                "EngineVersion": target.name,
                "Description": _DESCRIPTION.format(target.name),
                "AutoUpgrade": False,
                "IsMajorVersionUpgrade": target.major != version.major,
            }
            for target in aurora_versions.upgrade_targets(version, day)
        ],
    }


def _reject_engine(engine: str) -> NoReturn:
    reject("NotImplemented", f"the emulated AWS supports only the engine {ENGINE}, not {engine}")


@patch_operations(
    "rds:CreateDBCluster",
    moto_behaviour="any engine version is accepted, and the default is 12.7",
    aws="InvalidParameterCombination for a version that is not available; a major version means "
    "its default minor version",
    source="aws-samples/sample-apj-sup-sa pull request 163 (message); RDS API reference",
    test=f"{_TEST}::test_a_version_that_aws_does_not_offer_is_rejected",
)
def require_available_version(call: Call, proceed: Proceed) -> Answer:
    """Reject unavailable versions and resolve a major version."""
    engine, requested = call.params["Engine"], call.params.get("EngineVersion")
    if engine != ENGINE:
        _reject_engine(engine)
    if call.params.get("EngineMode", "provisioned") != "provisioned":
        message = (
            f"The engine mode {call.params['EngineMode']} you requested is currently unavailable."
        )
        reject_value(message)
    version = aurora_versions.resolve(requested, aurora_versions.today())
    if version is None:
        reject_combination(f"Cannot find version {requested} for {engine}")
    call.rewrite("EngineVersion", version.name)
    return proceed()


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="any version is accepted, even an older one",
    aws="InvalidParameterCombination unless the version is a valid upgrade target; a major "
    "upgrade requires AllowMajorVersionUpgrade",
    source="boundless-xyz/boundless pull request 2014 (message); API reference, ModifyDBCluster",
    test=f"{_TEST}::test_a_cluster_moves_to_an_upgrade_target_only",
)
def require_upgrade_target(call: Call, proceed: Proceed) -> Answer:
    """Reject a downgrade, an unknown target and a major upgrade that was not allowed."""
    requested = call.params.get("EngineVersion")
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    current = aurora_versions.table()[cluster.engine_version]
    if requested is None:
        return proceed()
    if requested in (current.name, current.major):
        call.rewrite("EngineVersion", current.name)
        return proceed()
    targets = {
        target.name: target
        for target in aurora_versions.upgrade_targets(current, aurora_versions.today())
    }
    known = aurora_versions.table().get(requested)
    if known and known.order < current.order:
        reject_combination(f"Cannot upgrade {ENGINE} from {current.name} to {requested}")
    if requested not in targets:
        reject_combination(
            f"Cannot find upgrade target from {current.name} with requested version {requested}."
        )
    if targets[requested].major != current.major and not call.params.get(
        "AllowMajorVersionUpgrade"
    ):
        reject_combination(
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major "
            "version."
        )
    return proceed()
