"""Policies run on inputs, with defaults, and report why they do not apply."""

from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import EnforcementLevel, proxy

from policy_pack.aurora_policies.pack.enforcement import LockingServicer, servicer_for
from policy_pack.aurora_policies.reading.resources import Parameters
from tools.testing.policies import Analyzer, Declared, shared_pack
from tools.testing.policy_cases import urn_of
from tools.testing.recorder import SECRET_SIGNATURE

GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
KEY = "aws:kms/key:Key"


def servicer_of_all() -> LockingServicer:
    run, pack = shared_pack()
    return servicer_for(run)("pack", "1.0.0", list(pack.values()), EnforcementLevel.MANDATORY)


def stack_findings(*resources: Declared) -> set[str]:
    found = Analyzer("prod").analyze(resources)
    return {each.control for each in found} & {"no-mixed-management", "kms-policy-defined"}


def test_a_stack_policy_checks_inputs_even_if_aws_has_completed_the_outputs() -> None:
    group = Declared(
        type=GROUP,
        name="group",
        urn=urn_of(GROUP, "group"),
        inputs={"description": "database"},
        outputs={"description": "database", "ingress": [{"protocol": "tcp"}]},
    )
    rule = Declared(
        type=RULE,
        name="rule",
        urn=urn_of(RULE, "rule"),
        inputs={},
        dependencies={"securityGroupId": (group.urn,)},
    )
    key = Declared(
        type=KEY, name="key", urn=urn_of(KEY, "key"), inputs={}, outputs={"policy": "{}"}
    )
    assert stack_findings(group, rule, key) == {"kms-policy-defined"}


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        (
            {"engine": "aurora-mysql"},
            {
                "rds-cluster-log-exports": "the engine is not aurora-postgresql",
                "rds-cluster-engine-version": "the engine is not aurora-postgresql",
            },
        ),
        (
            {"engine": "aurora-postgresql", "snapshotIdentifier": "before"},
            {
                "rds-cluster-custom-admin": "snapshotIdentifier is set: the cluster inherits its master user"
            },
        ),
    ],
)
def test_a_policy_reports_why_it_does_not_apply(
    properties: dict[str, str], reason: dict[str, str]
) -> None:
    servicer = servicer_of_all()
    request = analyzer_pb2.AnalyzeRequest(type="aws:rds/cluster:Cluster", urn="urn", name="a")
    request.properties.update(properties)
    response: analyzer_pb2.AnalyzeResponse = servicer.Analyze(request, None)  # pyright: ignore
    reported = {each.policy_name: each.reason for each in response.not_applicable}
    assert reported == reason


@pytest.mark.parametrize(
    ("default_tags", "missing"),
    [
        ({"tags": {"Project": "x", "CostCenter": "x"}}, ["DataClassification", "ManagedBy"]),
        ('{"tags": {"Project": "x", "ManagedBy": "x"}}', ["CostCenter", "DataClassification"]),
        ("{", ["CostCenter", "DataClassification", "ManagedBy", "Project"]),
        (proxy.UNKNOWN_OBJECT_VALUE, None),
    ],
    ids=["a mapping", "text, as providers receive it", "malformed", "unknown"],
)
def test_default_tags_of_the_provider_count(default_tags: Any, missing: list[str] | None) -> None:
    servicer = servicer_of_all()
    request = analyzer_pb2.AnalyzeRequest(type=KEY, urn="urn", name="key")
    request.properties.update({"tags": {"Environment": "prod"}})
    request.provider.properties.update({"defaultTags": default_tags})
    response: analyzer_pb2.AnalyzeResponse = servicer.Analyze(request, None)  # pyright: ignore
    found = [each.message for each in response.diagnostics if each.policyName == "required-tags"]
    expected = (
        [] if missing is None else [f"key: tags is missing {', '.join(missing)}, must be complete"]
    )
    assert [text.split("\n")[1].split(". ")[0] for text in found] == expected


def test_an_archive_is_not_checked() -> None:
    archive = {SECRET_SIGNATURE: "0def7320c3a5731c473e5ecbe6d01bc7", "path": "function.zip"}
    type_ = "aws:lambda/function:Function"
    inputs = {"runtime": "python3.13", "code": archive, "description": archive}
    function = Declared(type=type_, name="a", urn=urn_of(type_, "a"), inputs=inputs)
    found = {
        f"[{each.control}] {each.text.split(', ')[0]}"
        for each in Analyzer("prod").analyze([function])
    }
    assert "[lambda-hygiene] a: memorySize is not set" in found
    assert "[lambda-hygiene] a: description is not set" not in found


def test_a_parameter_of_the_wrong_type_is_reported() -> None:
    with pytest.raises(TypeError, match="days of the policy configuration is not a number"):
        Parameters({"days": "many"}).number("days")
