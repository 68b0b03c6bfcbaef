from typing import Any

import pytest

from emulator.aws.aurora.versions import TODAY_VARIABLE
from emulator.testing.requests import cluster_request
from emulator.tests.aws.requests import Rejection, cluster_of, rejection

pytestmark = pytest.mark.emulator

_OFFERED_17 = ["17.4", "17.5", "17.6", "17.7", "17.9", "17.10", "17.11"]
_OFFERED_16 = ["16.8", "16.9", "16.10", "16.11"]
_OFFERED_18 = ["18.3", "18.4", "18.6"]


def _names(rds: Any, **members: object) -> list[str]:
    found = rds.describe_db_engine_versions(Engine="aurora-postgresql", **members)
    return [version["EngineVersion"] for version in found["DBEngineVersions"]]


@pytest.mark.parametrize(
    ("members", "names"),
    [
        ({}, [*_OFFERED_16, *_OFFERED_17, *_OFFERED_18]),
        ({"EngineVersion": "17"}, _OFFERED_17),
        ({"EngineVersion": "17.4"}, ["17.4"]),
        ({"EngineVersion": "99.9"}, []),
        ({"EngineVersion": "16.4"}, []),
        ({"EngineVersion": "16.4", "IncludeAll": True}, ["16.4"]),
        ({"EngineVersion": "17", "DefaultOnly": True}, ["17.7"]),
        ({"DefaultOnly": True}, ["18.4"]),
        ({"DBParameterGroupFamily": "aurora-postgresql18"}, _OFFERED_18),
        (
            {"IncludeAll": True, "Filters": [{"Name": "status", "Values": ["deprecated"]}]},
            ["16.4", "16.6"],
        ),
    ],
)
def test_versions_are_listed_by_filter(rds: Any, members: dict[str, Any], names: list[str]) -> None:
    assert _names(rds, **members) == names


def test_a_version_is_described_with_what_it_offers(rds: Any) -> None:
    (version,) = rds.describe_db_engine_versions(Engine="aurora-postgresql", EngineVersion="17.10")[
        "DBEngineVersions"
    ]
    targets = {
        target["EngineVersion"]: target["IsMajorVersionUpgrade"]
        for target in version.pop("ValidUpgradeTarget")
    }
    assert targets == {"17.11": False, "18.4": True, "18.6": True}
    assert version == {
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.10",
        "DBParameterGroupFamily": "aurora-postgresql17",
        "DBEngineDescription": "Aurora PostgreSQL",
        "DBEngineVersionDescription": "Aurora PostgreSQL (Compatible with PostgreSQL 17.10)",
        "ExportableLogTypes": ["iam-db-auth-error", "instance", "postgresql"],
        "SupportsLogExportsToCloudwatchLogs": True,
        "SupportsReadReplica": False,
        "SupportedEngineModes": ["provisioned"],
        "SupportsParallelQuery": False,
        "SupportsGlobalDatabases": True,
        "SupportsIntegrations": False,
        "Status": "available",
        "ServerlessV2FeaturesSupport": {"MinCapacity": 0.0, "MaxCapacity": 256.0},
    }


@pytest.mark.parametrize(("day", "offered"), [("2026-11-30", True), ("2026-12-01", False)])
def test_a_version_is_offered_until_its_standard_support_ends(
    rds: Any, name: str, monkeypatch: pytest.MonkeyPatch, day: str, offered: bool
) -> None:
    monkeypatch.setenv(TODAY_VARIABLE, day)
    assert ("17.4" in _names(rds)) is offered
    request = cluster_request(name, EngineVersion="17.4")
    if offered:
        assert rds.create_db_cluster(**request)["DBCluster"]["EngineVersion"] == "17.4"
    else:
        assert rejection(rds.create_db_cluster, **request) == Rejection(
            "InvalidParameterCombination", "Cannot find version 17.4 for aurora-postgresql"
        )


@pytest.mark.parametrize("version", ["99.9", "17.8", "16.4", "9", "17.", "latest"])
def test_a_version_that_aws_does_not_offer_is_rejected(rds: Any, name: str, version: str) -> None:
    assert rejection(
        rds.create_db_cluster, **cluster_request(name, EngineVersion=version)
    ) == Rejection(
        "InvalidParameterCombination", f"Cannot find version {version} for aurora-postgresql"
    )


def test_a_retired_engine_mode_is_rejected(rds: Any, name: str) -> None:
    assert rejection(
        rds.create_db_cluster, **cluster_request(name, EngineMode="serverless")
    ) == Rejection(
        "InvalidParameterValue",
        "The engine mode serverless you requested is currently unavailable.",
    )


def test_another_engine_is_not_implemented(rds: Any, name: str) -> None:
    missing = Rejection(
        "NotImplemented",
        "the emulated AWS supports only the engine aurora-postgresql, not aurora-mysql",
    )
    request = cluster_request(name, Engine="aurora-mysql")
    assert rejection(rds.create_db_cluster, **request) == missing
    assert rejection(rds.describe_db_engine_versions, Engine="aurora-mysql") == missing


@pytest.mark.parametrize(
    ("requested", "created"), [("17.6", "17.6"), ("17", "17.7"), ("16", "16.8"), (None, "18.4")]
)
def test_a_major_version_means_its_default_minor(
    rds: Any, name: str, requested: str | None, created: str
) -> None:
    request = cluster_request(name, EngineVersion=requested)
    rds.create_db_cluster(**{key: value for key, value in request.items() if value})
    assert cluster_of(rds, name)["EngineVersion"] == created


@pytest.mark.parametrize(
    ("members", "rejected"),
    [
        (
            {"EngineVersion": "17.5"},
            "Cannot upgrade aurora-postgresql from 17.7 to 17.5",
        ),
        (
            {"EngineVersion": "17.8"},
            "Cannot find upgrade target from 17.7 with requested version 17.8.",
        ),
        (
            {"EngineVersion": "99.9"},
            "Cannot find upgrade target from 17.7 with requested version 99.9.",
        ),
        (
            {"EngineVersion": "18.6"},
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major "
            "version.",
        ),
        ({"EngineVersion": "17.11"}, None),
        ({"EngineVersion": "17"}, None),
        ({"EngineVersion": "18.6", "AllowMajorVersionUpgrade": True}, None),
    ],
)
def test_a_cluster_moves_to_an_upgrade_target_only(
    rds: Any, name: str, members: dict[str, Any], rejected: str | None
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    request = {"DBClusterIdentifier": name, "ApplyImmediately": True, **members}
    if rejected:
        assert rejection(rds.modify_db_cluster, **request) == Rejection(
            "InvalidParameterCombination", rejected
        )
        assert cluster_of(rds, name)["EngineVersion"] == "17.7"
    else:
        rds.modify_db_cluster(**request)
        expected = {"17": "17.7"}.get(members["EngineVersion"], members["EngineVersion"])
        assert cluster_of(rds, name)["EngineVersion"] == expected
