"""The schema of the emulated providers."""

from emulator.provider.aws_provider import AwsProvider
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.resource_type import ResourceType
from emulator.provider.protocol.schema import schema_of
from emulator.provider.random_provider import RandomPassword, RandomProvider
from emulator.tests.provider.protocol.boxes import Crate, Warehouse

ANY = {"$ref": "pulumi.json#/Any"}


def test_a_resource_type_has_the_properties_that_the_provider_supports() -> None:
    schema = schema_of("aws", AwsProvider("http://127.0.0.1:1"))
    group = schema["resources"]["aws:ec2/securityGroup:SecurityGroup"]
    assert sorted(group["inputProperties"]) == [
        *("description", "name", "namePrefix", "region", "revokeRulesOnDelete", "tags"),
        *("tagsAll", "vpcId"),
    ]
    assert group["properties"]["ownerId"] == ANY
    assert schema["provider"]["inputProperties"] == {"region": ANY, "defaultTags": ANY}
    rule = schema["resources"]["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"]
    assert rule["requiredInputs"] == ["ipProtocol", "securityGroupId"]


def test_a_named_resource_does_not_require_its_name() -> None:
    crate = schema_of("test", Warehouse())["resources"][Crate.token]
    assert Crate.inputs["name"].required
    assert crate["requiredInputs"] == ["size"]
    assert crate["required"] == [
        *("colour", "content", "labels", "name", "namePrefix", "owner", "place", "remark"),
        *("rules", "size", "weight"),
    ]


def test_the_schema_has_the_version_of_the_python_package() -> None:
    provider = RandomProvider()
    schema = schema_of("random", provider)
    assert (schema["name"], schema["version"]) == ("random", provider.version)
    assert list(schema["resources"]) == [
        "random:index/randomPassword:RandomPassword",
        "random:index/randomId:RandomId",
    ]


def test_a_provider_and_its_types_have_to_implement_these_methods() -> None:
    assert Provider.__abstractmethods__ == {"session"}
    assert ResourceType.__abstractmethods__ == {"create", "read", "update", "delete"}


def test_a_provider_replaces_before_it_deletes_unless_it_says_otherwise() -> None:
    provider = RandomProvider()
    assert not provider.deletes_before_replacing(RandomPassword.token, frozenset({"length"}))
