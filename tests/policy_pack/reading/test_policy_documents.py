"""IAM policy documents: whom and what their statements cover."""

# Values are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
from typing import Any

import pytest

from policy_pack.aurora_policies.reading.policy_documents import (
    Statement,
    document_at,
    public_principals,
    statements,
)
from policy_pack.aurora_policies.reading.values import UNKNOWN, Value

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app"
ORGANIZATION: Value = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


def statement(**elements: Any) -> Statement:
    (found,) = statements({"Statement": elements}, "policy")
    return found


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        ({"Statement": [{}, {}]}, ["policy.Statement[0]", "policy.Statement[1]"]),
        ('{"statement": {"Effect": "Allow"}}', ["policy.Statement[0]"]),
        ({"Version": [{}], "Statement": ["text", {}]}, ["policy.Statement[1]"]),
        *(({"Statement": UNKNOWN}, []), (UNKNOWN, []), (None, []), ([{"Statement": {}}], [])),
        *(("[]", []), ("no JSON", []), ({}, [])),
        pytest.param('{"a":' * 100_000, [], id="nested too deeply"),
    ],
)
def test_a_document_is_json_or_a_mapping(document: Value, paths: list[str]) -> None:
    assert [each.path for each in statements(document, "policy")] == paths


def test_a_text_is_parsed_once_however_many_controls_read_it() -> None:
    text = json.dumps({"Statement": {"Action": ["s3:GetObject"]}})
    first, second = (next(statements(text, "policy")) for _ in range(2))
    assert first.element("Action") == ["s3:GetObject"]
    assert first.element("action") is second.element("ACTION")


@pytest.mark.parametrize(
    ("effect", "allows"), [("Allow", True), ("allow", True), ("Deny", False), (UNKNOWN, False)]
)
def test_a_statement_allows_if_it_says_so(effect: Value, *, allows: bool) -> None:
    assert statement(Effect=effect).allows is allows


@pytest.mark.parametrize(
    ("action", "values"),
    [
        ("a", [("policy.Statement[0].Action", "a")]),
        (
            ["a", UNKNOWN, "b"],
            [("policy.Statement[0].Action[0]", "a"), ("policy.Statement[0].Action[2]", "b")],
        ),
        *((UNKNOWN, []), (None, [])),
    ],
)
def test_a_value_has_a_path(action: Value, values: list[tuple[str, str]]) -> None:
    assert statement(Action=action).values("Action") == values


@pytest.mark.parametrize(
    ("principal", "names"),
    [
        *(("*", ["*"]), (["*"], ["*"]), ({"AWS": [ROLE, UNKNOWN]}, [ROLE]), ({"aws": "1"}, ["1"])),
        *(({"Service": "ecs"}, []), (UNKNOWN, []), (None, []), ({"AWS": int(ACCOUNT)}, [ACCOUNT])),
    ],
)
def test_a_principal_without_kind_is_of_every_kind(principal: Value, names: list[str]) -> None:
    assert statement(Principal=principal).principals("AWS") == names


@pytest.mark.parametrize(
    ("elements", "everyone"),
    [
        *(({"Principal": "*"}, True), ({"NotPrincipal": {"AWS": ROLE}}, True)),
        *(({"Principal": {kind: ["x", "*"]}}, True) for kind in ("AWS", "Service", "Federated")),
        *(({"Principal": {"CanonicalUser": "*"}}, True), ({"Principal": {"Other": "*"}}, False)),
        *(({"Principal": {"AWS": ROLE}}, False), ({}, False)),
    ],
)
def test_a_statement_allows_everyone(elements: dict[str, Any], *, everyone: bool) -> None:
    assert statement(**elements).allows_everyone is everyone


def test_a_statement_names_accounts_organizations_and_services_of_others() -> None:
    principal = {"AWS": [ROLE, "2"], "Federated": "example.org", "Service": "ecs"}
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}
    named = statement(Principal=principal, Condition=condition).grantees
    assert named == {ACCOUNT, "2", "example.org", "o-1"}


def test_a_whole_account_is_its_number_or_its_root() -> None:
    root = f"arn:aws:iam::{ACCOUNT}:root"
    found = statement(Principal={"AWS": [ROLE, ACCOUNT, root, f"{root}/x"], "Service": ACCOUNT})
    assert found.whole_accounts == [ACCOUNT, root]


@pytest.mark.parametrize(
    ("elements", "allowed"),
    [
        *(({"Action": "KMS:decrypt"}, ["kms:Decrypt"]), ({"Action": "kms:Enc*"}, ["kms:Encrypt"])),
        *(({"Action": "*"}, ["kms:Decrypt", "kms:Encrypt"]), ({"Action": "s3:*"}, []), ({}, [])),
        *(({"NotAction": "kms:encrypt"}, ["kms:Decrypt"]), ({"NotAction": "kms:*"}, [])),
        ({"NotAction": ["s3:*", "iam:*"]}, ["kms:Decrypt", "kms:Encrypt"]),
    ],
)
def test_actions_are_allowed_by_name_by_wildcard_and_by_omission(
    elements: dict[str, Any], allowed: list[str]
) -> None:
    assert statement(**elements).allowed_actions("kms:Decrypt", "kms:Encrypt") == allowed


KEYS = f"arn:aws:kms:us-east-2:{ACCOUNT}:key/*"


@pytest.mark.parametrize(
    ("elements", "broad", "everything"),
    [
        ({"Resource": "*"}, ["policy.Statement[0].Resource"], True),
        ({"Resource": [ROLE, KEYS]}, ["policy.Statement[0].Resource[1]"], False),
        ({"Resource": "arn:aws-cn:*"}, ["policy.Statement[0].Resource"], True),
        ({"NotResource": ROLE}, ["policy.Statement[0].NotResource"], True),
        *(({"Resource": ROLE}, [], False), ({}, [], False)),
    ],
)
def test_a_resource_is_broad_if_it_is_everything_or_everything_of_a_kind(
    elements: dict[str, Any], broad: list[str], *, everything: bool
) -> None:
    found = statement(**elements)
    assert list(found.broad_resources()) == broad
    assert found.covers_every_resource is everything


@pytest.mark.parametrize(
    ("elements", "paths"),
    [
        ({}, ["policy.Statement[0].Principal"]),
        *(({"Effect": "Deny"}, []), ({"Principal": ROLE}, []), ({"Condition": ORGANIZATION}, [])),
        ({"Effect": "Deny", "Principal": ROLE}, []),
    ],
)
def test_a_principal_is_public_if_everyone_is_allowed_without_limit(
    elements: dict[str, Any], paths: list[str]
) -> None:
    document: Value = {"Statement": {"Effect": "Allow", "Principal": "*"} | elements}
    assert list(public_principals(document, "policy")) == paths


def test_a_condition_on_resources_does_not_limit_callers() -> None:
    found = statement(Condition={"StringEquals": {"aws:ResourceTag/Project": "x"}})
    assert found.limits_resources
    assert not found.limits_callers
    assert not statement(Condition=ORGANIZATION).limits_resources


@pytest.mark.parametrize(
    ("path", "documents"),
    [
        ("policy", [("policy", "{}")]),
        ("a.b", [("a.b", 1)]),
        (
            "inlinePolicies[].policy",
            [("inlinePolicies[0].policy", "x"), ("inlinePolicies[1].policy", UNKNOWN)],
        ),
        ("other[].policy", []),
        ("other", [("other", None)]),
    ],
)
def test_a_document_has_the_path_of_its_property(
    path: str, documents: list[tuple[str, Value]]
) -> None:
    properties: Value = {
        "policy": "{}",
        "a": {"b": 1},
        "inlinePolicies": [{"policy": "x"}, {"policy": UNKNOWN}],
    }
    assert list(document_at(properties, path)) == documents
