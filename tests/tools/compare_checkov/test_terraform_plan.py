"""Resources as a Terraform plan."""

from typing import Any

import pytest

from tools.compare_checkov.situations import VIOLATIONS
from tools.compare_checkov.terraform_plan import TYPES, plan, snake_case
from tools.testing.mutations import MUTATIONS, compliant


def rows(part: str) -> dict[str, dict[str, Any]]:
    """Values or expressions of the compliant platform by address."""
    made = plan(compliant().values())
    module = {"values": made["planned_values"], "expressions": made["configuration"]}[part]
    return {row["address"]: row[part] for row in module["root_module"]["resources"]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("kmsKeyId", "kms_key_id"),
        ("cidrIpv4", "cidr_ipv4"),
        ("serverlessv2ScalingConfiguration", "serverlessv2_scaling_configuration"),
        ("enabledCloudwatchLogsExports", "enabled_cloudwatch_logs_exports"),
        ("tags", "tags"),
    ],
)
def test_names_are_in_snake_case(name: str, expected: str) -> None:
    assert snake_case(name) == expected


def test_every_type_of_a_situation_has_its_name_in_terraform() -> None:
    changes = [*MUTATIONS["mutations"].values(), *VIOLATIONS.values()]
    changes += [*MUTATIONS["other_shapes"].values(), {"add": MUTATIONS["companions"]}]
    added = {row["type"] for change in changes for row in change.get("add", {}).values()}
    declared = {each.type for each in compliant().values()} | added
    assert {kind for kind in declared if kind.startswith("aws:")} <= TYPES.keys()


def test_every_resource_of_the_platform_is_in_the_plan_but_components() -> None:
    components = {each.type for each in compliant().values() if each.type not in TYPES}
    assert {kind.partition(":")[0] for kind in components} == {"aurora-data-platform"}


def test_a_value_of_another_resource_is_unknown_and_refers_to_it() -> None:
    cluster = "aws_rds_cluster.aurora-cluster"
    values, expressions = rows("values")[cluster], rows("expressions")[cluster]
    assert values["kms_key_id"] is None
    assert expressions["kms_key_id"] == {"references": ["aws_kms_key.aurora-key.arn"]}
    assert values["vpc_security_group_ids"] is None
    assert expressions["vpc_security_group_ids"] == {
        "references": ["aws_security_group.aurora-security-group.id"]
    }
    assert values["storage_encrypted"] is True
    assert values["backup_retention_period"] == 30


def test_objects_are_blocks_and_tags_are_not() -> None:
    values = rows("values")
    cluster = values["aws_rds_cluster.aurora-cluster"]
    assert cluster["serverlessv2_scaling_configuration"] == [
        {"min_capacity": 1, "max_capacity": 256}
    ]
    assert cluster["tags"]["Environment"] == "prod"
    function = values["aws_lambda_function.aurora-rotation-function"]
    assert function["filename"] == "function.zip"
    assert function["vpc_config"][0]["security_group_ids"] is None
    parameters = values["aws_rds_cluster_parameter_group.aurora-parameter-group-17"]["parameter"]
    assert {"name": "log_statement", "value": "ddl", "apply_method": "immediate"} in parameters


def test_a_dependency_without_a_value_is_a_reference() -> None:
    selection = "aws_backup_selection.backup-selection"
    assert rows("values")[selection] == {"resources": None}
    assert rows("expressions")[selection] == {
        "resources": {"references": ["aws_rds_cluster.aurora-cluster.id"]}
    }
