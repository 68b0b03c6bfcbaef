"""The schema of the emulated providers."""

from emulator.provider.aws_provider import AwsProvider
from emulator.provider.protocol.schema import schema_of
from emulator.provider.random_provider import RandomProvider

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
    schema = schema_of("aws", AwsProvider("http://127.0.0.1:1"))
    assert "name" not in schema["resources"]["aws:sns/topic:Topic"]["requiredInputs"]


def test_the_schema_has_the_version_of_the_python_package() -> None:
    provider = RandomProvider()
    schema = schema_of("random", provider)
    assert (schema["name"], schema["version"]) == ("random", provider.version)
    assert list(schema["resources"]) == [
        "random:index/randomPassword:RandomPassword",
        "random:index/randomId:RandomId",
    ]
