"""Resources and parameters as checks see them."""

from typing import Any

import pytest
from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
)

from policy_pack.aurora_policies.reading.resources import (
    Parameters,
    Resource,
    resource_from_args,
    resources_of_stack,
)
from policy_pack.aurora_policies.reading.values import UNKNOWN, Value
from tests.policy_pack.reading.resources import declared

PARAMETERS = Parameters(
    {
        "days": 30,
        "words": ["a", UNKNOWN, "b"],
        "ports": ["443", 5432, "x"],
        "on": True,
        "off": "true",
        "records": [{"a": 1}],
    }
)


def test_parameters_have_the_type_that_a_check_asks_for() -> None:
    assert PARAMETERS.number("days") == 30.0
    assert PARAMETERS.text("days") == "30"
    assert (PARAMETERS.flag("on"), PARAMETERS.flag("off")) == (True, False)
    assert PARAMETERS.words("words") == {"a", "b"}
    assert PARAMETERS.numbers("ports") == {443.0, 5432.0}
    assert PARAMETERS.records("records") == [{"a": 1}]


def test_a_parameter_that_is_not_a_number_is_rejected_by_name() -> None:
    with pytest.raises(TypeError, match="words of the policy configuration is not a number"):
        PARAMETERS.number("words")


def test_a_finding_describes_the_value_unless_a_description_is_given() -> None:
    resource = declared("a", port={"first": 22})
    assert str(resource.finding("port.first", "443")) == "subject: port.first is 22, must be 443"
    assert str(resource.finding("port", "443", "")) == "subject: port is , must be 443"


def options(*, protect: bool) -> PolicyResourceOptions:
    return PolicyResourceOptions(
        protect=protect,
        ignore_changes=[],
        delete_before_replace=None,
        aliases=[],
        custom_timeouts=PolicyCustomTimeouts(0, 0, 0),
        additional_secret_outputs=[],
    )


@pytest.mark.parametrize("protect", [True, False])
@pytest.mark.parametrize(
    ("provider", "default_tags"),
    [(None, None), ({}, None), ({"defaultTags": {"tags": {"a": "b"}}}, {"tags": {"a": "b"}})],
)
def test_a_resource_policy_sees_inputs_options_and_default_tags(
    provider: dict[str, Any] | None, default_tags: Any, *, protect: bool
) -> None:
    properties: Value = {"name": "alarms"}
    found = resource_from_args(
        ResourceValidationArgs(
            resource_type="aws:sns/topic:Topic",
            props={},
            urn="urn:topic",
            name="topic",
            opts=options(protect=protect),
            provider=None
            if provider is None
            else PolicyProviderResource("pulumi:providers:aws", provider, "urn:aws", "aws"),
        ),
        properties,
        PARAMETERS,
    )
    assert found == Resource(
        "aws:sns/topic:Topic", "urn:topic", "topic", properties, PARAMETERS, protect, default_tags
    )
    assert found["name"] == "alarms"
    assert found.outputs is None


def sent(name: str, **fields: Any) -> analyzer_pb2.AnalyzerResource:
    resource = analyzer_pb2.AnalyzerResource(
        type="aws:sns/topic:Topic", urn=f"urn:{name}", name=name, **fields
    )
    resource.properties.update({"arn": f"arn:{name}"})
    return resource


@pytest.mark.parametrize("protect", [True, False])
def test_a_stack_policy_sees_inputs_outputs_and_dependencies(*, protect: bool) -> None:
    names = analyzer_pb2.AnalyzerPropertyDependencies(urns=["urn:one", "urn:elsewhere"])
    topic = sent(
        "topic",
        options=analyzer_pb2.AnalyzerResourceOptions(protect=protect, aliases=["urn:old"]),
        dependencies=["urn:one", "urn:two", "urn:elsewhere"],
        propertyDependencies={"name": names},
    )
    inputs: dict[str, Value] = {"urn:topic": {"name": "a"}, "urn:one": {}}
    found, *_ = resources_of_stack([topic, sent("one"), sent("two")], inputs)
    assert found == Resource(
        type="aws:sns/topic:Topic",
        urn="urn:topic",
        name="topic",
        properties={"name": "a"},
        outputs={"arn": "arn:topic"},
        protect=protect,
        aliases=frozenset({"urn:old"}),
        dependencies=frozenset({"urn:one", "urn:two"}),
        property_dependencies={"name": frozenset({"urn:one"})},
    )


def test_outputs_stand_in_for_inputs_that_no_resource_policy_has_seen() -> None:
    seen, unseen = resources_of_stack([sent("seen"), sent("unseen")], {"urn:seen": {}})
    assert seen.properties == {}
    assert unseen.properties == {"arn": "arn:unseen"}


def test_a_resource_is_not_protected_unless_its_options_say_so() -> None:
    assert declared("a").protect is False
