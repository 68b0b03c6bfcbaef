"""Calls of the emulated provider that are easily misjudged."""

import json
import re

import pytest

from emulator.provider.protocol.lifecycle import preview_outputs
from emulator.provider.protocol.properties import UNKNOWN
from emulator.provider.resources import TYPES
from emulator.provider.resources.iam import Role
from emulator.provider.resources.rds.cluster import Cluster
from emulator.provider.resources.rds.instance import ClusterInstance
from emulator.provider.resources.secretsmanager import SecretRotation
from emulator.provider.resources.sns import TopicPolicy
from emulator.tests.provider.recorder import Recorder

RULES = {"scheduleExpression": "rate(30 days)"}
ROTATION = {"secretId": "s", "rotationLambdaArn": "f", "rotationRules": RULES}
GENERATED = r"[0-9a-f]{26}"


def test_another_rotate_immediately_alone_asks_nothing_of_aws() -> None:
    aws = Recorder()
    inputs = {**ROTATION, "rotateImmediately": False}
    SecretRotation().change(aws, "s", inputs, frozenset({"rotateImmediately"}))
    assert aws.calls == []


def test_other_rules_are_sent_with_the_wish_to_rotate_at_once() -> None:
    aws = Recorder()
    inputs = {**ROTATION, "rotateImmediately": True}
    SecretRotation().change(aws, "s", inputs, frozenset({"rotationRules"}))
    ((operation, request),) = aws.calls
    assert operation == "rotate_secret"
    assert request["RotateImmediately"] is True
    assert request["RotationRules"] == {"ScheduleExpression": "rate(30 days)"}


def test_a_canceled_rotation_is_read_as_disabled_and_not_as_gone() -> None:
    described = {
        "ARN": "s",
        "RotationEnabled": False,
        "RotationLambdaARN": "f",
        "RotationRules": {"ScheduleExpression": "rate(30 days)"},
    }
    state = SecretRotation().read(Recorder(describe_secret=described), "s", {})
    assert state == {"id": "s", "region": "us-east-2", "secretId": "s", "rotationEnabled": False}


def test_each_setting_of_a_role_has_a_call_of_its_own() -> None:
    aws = Recorder()
    inputs = {"description": "rotates passwords", "maxSessionDuration": 7200}
    Role().change(aws, "r", inputs, frozenset(inputs))
    assert aws.calls == [
        ("update_role_description", {"RoleName": "r", "Description": "rotates passwords"}),
        ("update_role", {"RoleName": "r", "MaxSessionDuration": 7200}),
    ]


@pytest.mark.parametrize(
    ("kind", "member", "prefix"),
    [
        (Cluster(), "DBClusterIdentifier", "clusterIdentifierPrefix"),
        (ClusterInstance(), "DBInstanceIdentifier", "identifierPrefix"),
    ],
)
def test_an_unnamed_cluster_or_instance_gets_its_identifier_at_creation(
    kind: Cluster | ClusterInstance, member: str, prefix: str
) -> None:
    assert re.fullmatch(f"tf-{GENERATED}", kind.creation(Recorder(), {})[member])
    assert re.fullmatch(f"own-{GENERATED}", kind.creation(Recorder(), {prefix: "own-"})[member])


@pytest.mark.parametrize(
    ("token", "name"),
    [
        ("aws:rds/cluster:Cluster", "clusterIdentifier"),
        ("aws:rds/clusterInstance:ClusterInstance", "identifier"),
    ],
)
def test_its_preview_does_not_know_the_identifier(token: str, name: str) -> None:
    assert preview_outputs(TYPES[token], {}, {}, frozenset())[name] is UNKNOWN


def test_the_key_of_a_managed_secret_is_not_read_back() -> None:
    cluster = {"DBClusters": [{"MasterUserSecret": {"KmsKeyId": "k"}}]}
    state = Cluster().read(Recorder(describe_db_clusters=cluster), "c", {}) or {}
    assert "masterUserSecretKmsKeyId" not in state


def test_a_deleted_topic_policy_leaves_the_default_policy() -> None:
    aws = Recorder()
    TopicPolicy().delete(aws, "t", {"owner": "111111111111"})
    ((operation, request),) = aws.calls
    assert (operation, request["AttributeName"]) == ("set_topic_attributes", "Policy")
    policy = json.loads(request["AttributeValue"])
    assert policy["Id"] == "__default_policy_ID"
    (statement,) = policy["Statement"]
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceOwner": "111111111111"}}
    assert len(statement["Action"]) == 9
