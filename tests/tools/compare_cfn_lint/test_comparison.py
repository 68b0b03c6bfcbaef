"""The record of `make compare-cfn-lint` is current and agrees with the accepted differences."""

import json
import re
from typing import Any

from tools.compare_cfn_lint.mapping import NAMES
from tools.compare_cfn_lint.record import (
    Differences,
    Finding,
    Result,
    complaints,
    differences,
    replacements,
    result,
    violations,
)
from tools.compare_cfn_lint.templates import changed_templates, digests, templates
from tools.repository import ROOT

RERUN = "run `make compare-cfn-lint`"


def test_the_record_is_of_the_required_version() -> None:
    text = (ROOT / "requirements-cfn-lint.in").read_text("utf-8")
    assert re.findall(r"^cfn-lint==(\S+)$", text, re.M) == [result().version], RERUN


def test_the_record_is_of_the_templates_of_today() -> None:
    assert result().templates == digests(), RERUN
    assert list(result().violations) == list(violations()), RERUN
    assert set(result().schemas) == {kind.type for kind in NAMES.types.values()}, RERUN


def test_findings_and_differences_are_the_accepted_ones() -> None:
    assert complaints(result(), differences()) == []


def test_every_accepted_difference_has_a_reason() -> None:
    rows = [*differences().findings, *differences().replacements]
    assert [row for row in rows if len(row.reason) < 30] == []
    omitted = [reason for kind in NAMES.types.values() for reason in kind.omitted.values()]
    assert [each for each in [*omitted, *NAMES.without_type.values()] if len(each) < 20] == []


def test_most_replacements_agree_with_the_schemas() -> None:
    """Properties that both have, and whose change always replaces the resource in both."""
    agreed = {
        (token, name)
        for token, kind in NAMES.types.items()
        for name in result().schemas[kind.type].create_only
    } - {(row.type, row.property) for row in replacements(result().schemas)}
    assert ("aws:rds/cluster:Cluster", "KmsKeyId") in agreed
    assert ("aws:rds/cluster:Cluster", "StorageEncrypted") in agreed
    assert ("aws:ec2/securityGroup:SecurityGroup", "GroupDescription") in agreed
    assert len(agreed) >= 40


def test_a_violation_changes_the_template_in_one_resource() -> None:
    dev = json.loads(templates()["dev"])["Resources"]
    changed = {name: json.loads(text)["Resources"] for name, text in changed_templates().items()}
    assert {
        name: [each for each in {**dev, **resources} if resources.get(each) != dev.get(each)]
        for name, resources in changed.items()
    } == {name: [violation.resource] for name, violation in violations().items()}


RUN = Result(
    version="1",
    templates={},
    findings=(
        Finding(template="dev", rule="E1", resource="Key", path="Properties/A", message="is wrong"),
    ),
    violations={name: (row.rule,) for name, row in violations().items()},
    schemas=result().schemas,
)
ACCEPTED = differences().replacements


def accepting(*findings: dict[str, Any]) -> Differences:
    return Differences.model_validate({"findings": findings, "replacements": ACCEPTED})


def test_an_accepted_finding_is_not_reported() -> None:
    row = {"rule": "E1", "resources": ["Key"], "reason": "because"}
    assert complaints(RUN, accepting(row)) == []


def test_an_unlisted_finding_is_reported() -> None:
    assert complaints(RUN, accepting()) == ["E1 dev Key Properties/A: is wrong"]


def test_an_accepted_finding_that_does_not_occur_is_reported() -> None:
    row = {"rule": "E1", "resources": ["Key", "Other"], "reason": "because"}
    assert complaints(RUN, accepting(row)) == ["E1 Other: listed, but not found"]


def test_a_violation_that_is_not_found_is_reported() -> None:
    clean = RUN.model_copy(
        update={"findings": (), "violations": {**RUN.violations, "wrong-type": ()}}
    )
    assert complaints(clean, accepting()) == ["wrong-type: expected E3012, found nothing"]


def test_a_property_that_only_cloudformation_replaces_is_reported() -> None:
    queue = RUN.schemas["AWS::SQS::Queue"]
    schema = queue.model_copy(update={"create_only": (*queue.create_only, "DelaySeconds")})
    changed = RUN.model_copy(
        update={"findings": (), "schemas": {**RUN.schemas, "AWS::SQS::Queue": schema}}
    )
    assert complaints(changed, accepting()) == [
        "aws:sqs/queue:Queue DelaySeconds: a change replaces the resource always in CloudFormation, "
        "never with the provider"
    ]


def test_an_accepted_replacement_that_does_not_occur_is_reported() -> None:
    row = {
        "types": ["aws:sqs/queue:Queue"],
        "properties": ["QueueName"],
        "cloudformation": "always",
        "provider": "never",
        "reason": "because",
    }
    accepted = Differences.model_validate({"findings": [], "replacements": [*ACCEPTED, row]})
    assert complaints(RUN.model_copy(update={"findings": ()}), accepted) == [
        "aws:sqs/queue:Queue QueueName: listed, but not found"
    ]
