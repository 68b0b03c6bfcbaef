"""Properties as the engine sends them."""

from typing import Any

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi_policy import proxy
from pulumi_policy.deserialize import deserialize_properties
from pulumi_policy.proxy import unknown_checking_proxy

from policy_pack.aurora_policies.reading.values import UNKNOWN, plain
from policy_pack.aurora_policies.reading.wire import decoded
from tools.testing.policies import Declared
from tools.testing.policy_cases import cases

SIGNATURE = "4dabf18193072939515e22adb298388d"
UNKNOWNS = sorted(value for name, value in vars(proxy).items() if name.startswith("UNKNOWN_"))


def sent(properties: dict[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(properties, struct_pb2.Struct())


def test_properties_become_plain_values() -> None:
    properties: dict[str, Any] = {
        "list": [True, 7, 0.5, "x", None, {"a": {}}],
        "object": {"b": False, "__defaults": ["b"]},
        "__defaults": ["list"],
    }
    assert decoded(sent(properties)) == {
        "list": [True, 7, 0.5, "x", None, {"a": {}}],
        "object": {"b": False},
    }


def test_a_secret_is_its_value() -> None:
    secret = {SIGNATURE: "1b47061264138c4ac30d75fd1eb44270", "value": {"a": ["b"]}}
    assert decoded(sent({"secret": secret, "list": [secret]})) == {
        "secret": {"a": ["b"]},
        "list": [{"a": ["b"]}],
    }


@pytest.mark.parametrize(
    "signature",
    ["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7", "another"],
    ids=["an asset", "an archive", "anything else"],
)
def test_what_has_no_properties_of_its_own_is_unknown(signature: str) -> None:
    value = {SIGNATURE: signature, "text": "print()", "value": "x"}
    assert decoded(sent({"code": value})) == {"code": UNKNOWN}


def test_every_marker_of_the_sdk_is_unknown() -> None:
    assert len(UNKNOWNS) == 7
    assert decoded(sent({"list": UNKNOWNS, "object": {"a": UNKNOWNS[0]}})) == {
        "list": [UNKNOWN] * 7,
        "object": {"a": UNKNOWN},
    }


def test_the_cases_of_controls_are_decoded_as_the_sdk_decodes_them() -> None:
    def by_the_sdk(resource: Declared) -> Any:
        message = json_format.MessageToDict(resource.alone.properties)
        return plain(unknown_checking_proxy(deserialize_properties(message)))

    resources = [each for case in cases("compliant", "violating") for each in case.resources]
    assert [decoded(each.alone.properties) for each in resources] == list(
        map(by_the_sdk, resources)
    )
