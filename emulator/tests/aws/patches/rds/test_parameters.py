from typing import Any

import pytest

from emulator.aws.server import RunningServer
from emulator.testing.requests import cluster_request, connect
from emulator.tests.aws.patches.rds.rejected_parameters import (
    RANGE_OF_WORK_MEM,
    REJECTED_PARAMETERS,
    parameter,
)
from emulator.tests.aws.patches.rds.rejected_values import COMBINATION, VALUE
from emulator.tests.aws.requests import FAMILY, Rejection, create_parameter_group, rejection

pytestmark = pytest.mark.emulator

_DEFAULT = f"default.{FAMILY}"


@pytest.fixture
def group(rds: Any, name: str) -> dict[str, str]:
    """Return the member that names a new group."""
    return {"DBClusterParameterGroupName": create_parameter_group(rds, name)}


def _described(rds: Any, name: str, **members: str) -> dict[str, dict[str, Any]]:
    """Return every parameter of a group by its name."""
    pages = rds.get_paginator("describe_db_cluster_parameters").paginate(
        DBClusterParameterGroupName=name, **members
    )
    return {item["ParameterName"]: item for page in pages for item in page["Parameters"]}


def _set_by_user(rds: Any, group: dict[str, str]) -> dict[str, str]:
    own = _described(rds, group["DBClusterParameterGroupName"], Source="user")
    return {name: item["ParameterValue"] for name, item in own.items()}


def test_the_default_group_exists_and_cannot_be_changed(rds: Any) -> None:
    (group,) = rds.describe_db_cluster_parameter_groups(
        DBClusterParameterGroupName=_DEFAULT.upper()
    )["DBClusterParameterGroups"]
    assert (group["DBClusterParameterGroupName"], group["DBParameterGroupFamily"]) == (
        _DEFAULT,
        FAMILY,
    )
    named = {"DBClusterParameterGroupName": _DEFAULT.upper()}
    rejected = Rejection(
        "InvalidDBParameterGroupState",
        "This operation is not available for default parameter groups.",
    )
    parameters = [parameter("work_mem", "4096")]
    assert rejected == rejection(
        rds.modify_db_cluster_parameter_group, **named, Parameters=parameters
    )
    assert rejected == rejection(
        rds.reset_db_cluster_parameter_group, **named, ResetAllParameters=True
    )
    assert rejected == rejection(rds.delete_db_cluster_parameter_group, **named)


def test_the_default_group_is_described_before_any_other_call(server: RunningServer) -> None:
    elsewhere = connect("rds", server.url, "eu-central-1")
    assert "work_mem" in _described(elsewhere, _DEFAULT)


@pytest.mark.parametrize(
    ("name", "family", "message"),
    [
        (
            "legal-name",
            "aurora-postgresql99",
            "ParameterGroupFamily aurora-postgresql99 is not a valid parameter group family",
        ),
        *(
            (
                name,
                FAMILY,
                "The parameter DBClusterParameterGroupName is not a valid identifier. Identifiers "
                "must begin with a letter; must contain only ASCII letters, digits, and hyphens; "
                "and must not end with a hyphen or contain two consecutive hyphens.",
            )
            for name in ("1st", "a--b", "a-", "a_b", "default.mine", "a" * 256)
        ),
    ],
)
def test_an_invalid_parameter_group_is_rejected(
    rds: Any, name: str, family: str, message: str
) -> None:
    assert rejection(
        rds.create_db_cluster_parameter_group,
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily=family,
        Description="Rejected",
    ) == Rejection(VALUE, message)
    listed = rds.describe_db_cluster_parameter_groups()["DBClusterParameterGroups"]
    assert name not in [item["DBClusterParameterGroupName"] for item in listed]


def test_a_second_group_of_the_same_name_is_rejected(rds: Any, name: str) -> None:
    create_parameter_group(rds, name.upper())
    (group,) = rds.describe_db_cluster_parameter_groups(DBClusterParameterGroupName=name)[
        "DBClusterParameterGroups"
    ]
    assert group["DBClusterParameterGroupName"] == name
    rejected = rejection(
        rds.create_db_cluster_parameter_group,
        DBClusterParameterGroupName=name.title(),
        DBParameterGroupFamily=FAMILY,
        Description="Rejected",
    )
    assert (rejected.code, rejected.status) == ("DBParameterGroupAlreadyExists", 400)


@pytest.mark.parametrize(("parameters", "code", "message"), REJECTED_PARAMETERS)
def test_an_invalid_parameter_is_rejected_and_nothing_is_set(
    rds: Any, group: dict[str, str], parameters: list[dict[str, str]], code: str, message: str
) -> None:
    legal = parameter("log_min_duration_statement", "1000", "immediate")
    sent = parameters if len(parameters) > 1 else [legal, *parameters]
    assert rejection(rds.modify_db_cluster_parameter_group, **group, Parameters=sent) == Rejection(
        code, message
    )
    assert _set_by_user(rds, group) == {}


def test_a_valid_parameter_is_set(rds: Any, group: dict[str, str]) -> None:
    values = {
        "work_mem": "4096",
        "rds.force_ssl": "0",
        "log_statement": "ddl",
        "random_page_cost": "1.1",
        "log_min_duration_statement": "500",
        "max_connections": "LEAST({DBInstanceClassMemory/9531392},4000)",
        "shared_preload_libraries": "pg_stat_statements,pgaudit",
    }
    parameters = [parameter(name.upper(), value) for name, value in values.items()]
    parameters[0]["ApplyMethod"] = "immediate"
    rds.modify_db_cluster_parameter_group(**group, Parameters=parameters)
    assert _set_by_user(rds, group) == values
    twenty = [parameter("work_mem", "8192")] * 20
    rds.modify_db_cluster_parameter_group(**group, Parameters=twenty)
    assert _set_by_user(rds, group) == {**values, "work_mem": "8192"}


def test_a_value_that_a_parameter_already_has_changes_neither_source_nor_apply_method(
    rds: Any, group: dict[str, str]
) -> None:
    name = group["DBClusterParameterGroupName"]
    before = _described(rds, name)["rds.force_ssl"]
    assert (before["ParameterValue"], before["Source"], before["ApplyMethod"]) == (
        *("1", "system"),
        "pending-reboot",
    )
    rds.modify_db_cluster_parameter_group(
        **group, Parameters=[parameter("rds.force_ssl", "1", "immediate")]
    )
    assert _described(rds, name)["rds.force_ssl"] == before
    assert _set_by_user(rds, group) == {}
    rds.modify_db_cluster_parameter_group(
        **group, Parameters=[parameter("rds.force_ssl", "0", "immediate")]
    )
    rds.modify_db_cluster_parameter_group(
        **group, Parameters=[parameter("rds.force_ssl", "0", "pending-reboot")]
    )
    assert _described(rds, name)["rds.force_ssl"]["ApplyMethod"] == "immediate"
    rds.modify_db_cluster_parameter_group(
        **group, Parameters=[parameter("rds.force_ssl", "1", "immediate")]
    )
    assert _set_by_user(rds, group) == {"rds.force_ssl": "1"}


def test_a_reset_restores_the_default_of_parameters(rds: Any, group: dict[str, str]) -> None:
    set_to = {"work_mem": "4096", "rds.force_ssl": "0", "max_connections": "500"}
    parameters = [parameter(name, value) for name, value in set_to.items()]
    rds.modify_db_cluster_parameter_group(**group, Parameters=parameters)
    answered = rds.reset_db_cluster_parameter_group(
        **group, Parameters=[parameter("Max_Connections", None)]
    )
    assert answered["DBClusterParameterGroupName"] == group["DBClusterParameterGroupName"]
    assert _set_by_user(rds, group) == {"work_mem": "4096", "rds.force_ssl": "0"}
    described = _described(rds, group["DBClusterParameterGroupName"])
    assert described["max_connections"]["ParameterValue"] == (
        "LEAST({DBInstanceClassMemory/9531392},5000)"
    )
    rds.reset_db_cluster_parameter_group(**group, ResetAllParameters=True)
    assert _set_by_user(rds, group) == {}


@pytest.mark.parametrize(
    ("members", "code", "message"),
    [
        (
            {},
            COMBINATION,
            "Either ResetAllParameters or a list of parameters must be specified.",
        ),
        (
            {"ResetAllParameters": True, "Parameters": [parameter("work_mem", None)]},
            COMBINATION,
            "ResetAllParameters and a list of parameters can not be specified together.",
        ),
        (
            {
                "Parameters": [
                    parameter("work_mem", None),
                    parameter("max_connections", None, "immediate"),
                ]
            },
            COMBINATION,
            "cannot use immediate apply method for static parameter: max_connections",
        ),
        (
            {"Parameters": [parameter("work_memory", None)]},
            VALUE,
            "Could not find parameter with name: work_memory",
        ),
    ],
)
def test_a_reset_that_aws_rejects_is_rejected_and_nothing_is_reset(
    rds: Any, group: dict[str, str], members: dict[str, Any], code: str, message: str
) -> None:
    rds.modify_db_cluster_parameter_group(**group, Parameters=[parameter("work_mem", "4096")])
    assert rejection(rds.reset_db_cluster_parameter_group, **group, **members) == Rejection(
        code, message
    )
    assert _set_by_user(rds, group) == {"work_mem": "4096"}


def test_a_group_is_described_in_full_by_source_and_in_pages(
    rds: Any, group: dict[str, str]
) -> None:
    parameters = [parameter("work_mem", "4096", "immediate")]
    rds.modify_db_cluster_parameter_group(**group, Parameters=parameters)
    name = group["DBClusterParameterGroupName"]
    described = _described(rds, name)
    assert described["work_mem"] == {
        "ParameterName": "work_mem",
        "ParameterValue": "4096",
        "Source": "user",
        "ApplyType": "dynamic",
        "DataType": "integer",
        "AllowedValues": RANGE_OF_WORK_MEM,
        "IsModifiable": True,
        "ApplyMethod": "immediate",
    }
    assert described["rds.extensions"]["IsModifiable"] is False
    assert described["rds.logical_replication"]["ApplyType"] == "static"
    assert "ParameterValue" not in described["random_page_cost"]
    by_source = {
        source: set(_described(rds, name, Source=source))
        for source in ("user", "system", "engine-default")
    }
    assert by_source["user"] == {"work_mem"}
    assert "rds.force_ssl" in by_source["system"]
    assert "random_page_cost" in by_source["engine-default"]
    assert sum(map(len, by_source.values())) == len(described)
    page = rds.describe_db_cluster_parameters(**group, MaxRecords=20)
    assert len(page["Parameters"]) == 20
    following = rds.describe_db_cluster_parameters(**group, MaxRecords=20, Marker=page["Marker"])
    names = [item["ParameterName"] for item in (*page["Parameters"], *following["Parameters"])]
    assert names == sorted(described)[:40]


@pytest.mark.parametrize("size", [19, 101])
def test_an_unsupported_page_size_is_rejected(rds: Any, group: dict[str, str], size: int) -> None:
    assert rejection(rds.describe_db_cluster_parameters, **group, MaxRecords=size) == Rejection(
        VALUE, f"Invalid value {size} for MaxRecords. Must be between 20 and 100"
    )


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("describe_db_cluster_parameters", {}),
        ("modify_db_cluster_parameter_group", {"Parameters": [parameter("work_mem", "4096")]}),
        ("reset_db_cluster_parameter_group", {"ResetAllParameters": True}),
        ("delete_db_cluster_parameter_group", {}),
    ],
)
def test_a_missing_group_is_not_found(
    rds: Any, name: str, operation: str, members: dict[str, Any]
) -> None:
    assert rejection(
        getattr(rds, operation), DBClusterParameterGroupName=name, **members
    ) == Rejection("DBParameterGroupNotFound", f"DBClusterParameterGroup not found: {name}", 404)


def test_a_group_in_use_is_not_deleted(rds: Any, name: str, group: dict[str, str]) -> None:
    rds.create_db_cluster(**cluster_request(name, **group))
    assert rejection(rds.delete_db_cluster_parameter_group, **group) == Rejection(
        "InvalidDBParameterGroupState",
        "One or more database instances are still members of this parameter group "
        f"{name}, so the group cannot be deleted",
    )
    rds.modify_db_cluster(DBClusterIdentifier=name, DBClusterParameterGroupName=_DEFAULT)
    rds.delete_db_cluster_parameter_group(DBClusterParameterGroupName=name.upper())
    listed = rds.describe_db_cluster_parameter_groups()["DBClusterParameterGroups"]
    assert name not in [item["DBClusterParameterGroupName"] for item in listed]
