"""Resources as a CloudFormation template."""

from typing import Any

import pytest

from tools.compare_cfn_lint.mapping import NAMES, property_name
from tools.compare_cfn_lint.template import template
from tools.testing.policies import platform


def properties(logical_id: str) -> dict[str, Any]:
    return template(platform("dev"))["Resources"][logical_id]["Properties"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("storageEncrypted", "StorageEncrypted"),
        ("clusterIdentifier", "DBClusterIdentifier"),
        ("serverlessv2ScalingConfiguration.minCapacity", "MinCapacity"),
    ],
)
def test_properties_are_capitalized_unless_they_have_another_name(path: str, expected: str) -> None:
    assert property_name(path, NAMES.types["aws:rds/cluster:Cluster"].names) == expected


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_resource_is_in_the_template_unless_it_has_no_type(stack: Any) -> None:
    own = [each for each in platform(stack) if not each.type.startswith("aurora-data-platform:")]
    known = [*NAMES.types, *NAMES.members, *NAMES.without_type]
    assert {each.type for each in own} == set(known), "a type is unknown or no longer in use"
    resources = template(platform(stack))["Resources"]
    assert len(resources) == sum(each.type in NAMES.types for each in own)


def test_a_value_of_another_resource_is_a_reference() -> None:
    cluster = properties("AuroraCluster")
    assert cluster["KmsKeyId"] == {"Fn::GetAtt": ["AuroraKey", "Arn"]}
    assert cluster["VpcSecurityGroupIds"] == [{"Fn::GetAtt": ["AuroraSecurityGroup", "GroupId"]}]
    assert cluster["DBClusterParameterGroupName"] == {"Ref": "AuroraParameterGroup17"}
    (read, decrypt) = properties("AuroraSecretReadPolicy")["PolicyDocument"]["Statement"]
    assert read["Resource"] == {"Ref": "AuroraSecret"}
    assert decrypt["Resource"] == {"Fn::GetAtt": ["AuroraKey", "Arn"]}


def test_a_result_of_a_lookup_is_a_parameter() -> None:
    assert properties("AuroraSecurityGroup")["VpcId"] == {"Ref": "Vpc1"}
    assert template(platform("dev"))["Parameters"]["Vpc1"] == {"Type": "AWS::EC2::VPC::Id"}


def test_values_have_the_shapes_of_cloudformation() -> None:
    cluster = properties("AuroraCluster")
    assert {"Key": "Environment", "Value": "dev"} in cluster["Tags"]
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 0.5, "MaxCapacity": 128}
    assert cluster["Port"] == 5432
    assert isinstance(cluster["Port"], int)
    assert properties("AuroraParameterGroup17")["Parameters"]["log_statement"] == "all"
    assert properties("AuroraNotificationsPolicy")["Topics"] == [{"Ref": "AuroraNotifications"}]
    function = properties("AuroraRotationFunction")
    assert function["Code"] == {"S3Bucket": "deployment-artifacts", "S3Key": "function.zip"}
    assert function["Environment"]["Variables"]["ROTATION_STRATEGY"] == "single-user"
    (transformation,) = properties("AuroraLogMetricFatalErrors")["MetricTransformations"]
    assert transformation["MetricName"] == "FatalErrors"


def test_the_target_of_a_rule_is_a_member_of_the_rule() -> None:
    (target,) = properties("AuroraRecoveries")["Targets"]
    assert target["Arn"] == {"Ref": "AuroraNotifications"}
    assert target["Id"] == "notifications"
    assert target["InputTransformer"]["InputPathsMap"]["alarm"] == "$.detail.alarmName"
    assert "Rule" not in target


def test_a_template_contains_no_secret() -> None:
    password = properties("AuroraCluster")["MasterUserPassword"]
    assert password == "{{resolve:secretsmanager:password}}"


def test_a_property_that_cloudformation_does_not_have_is_omitted() -> None:
    assert "SkipFinalSnapshot" not in properties("AuroraCluster")
    used = {(each.type, name) for each in platform("prod") for name in each.inputs}
    listed = {(token, name) for token, kind in NAMES.types.items() for name in kind.omitted}
    assert listed - used == set(), "an omitted property is no longer in use"
