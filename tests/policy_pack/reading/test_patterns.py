"""IAM patterns: which ones limit nothing."""

import pytest

from policy_pack.aurora_policies.reading.patterns import (
    covers_a_kind,
    covers_every_resource,
    has_wildcard,
    is_every_action,
    is_every_action_of_a_service,
)

ACCOUNT = "us-east-2:123456789012"


@pytest.mark.parametrize("pattern", ["*", "**", "?*", "*?", "*:*", "?*:?*", "*:**"])
def test_a_pattern_is_every_action(pattern: str) -> None:
    assert is_every_action(pattern)


@pytest.mark.parametrize("pattern", ["s3:*", "iam:*", "*:Get*", "s*", "s3:GetObject", ""])
def test_a_pattern_is_not_every_action(pattern: str) -> None:
    assert not is_every_action(pattern)


@pytest.mark.parametrize("pattern", ["s3:*", "S3:*", "s3:?*", "s3:**", "s3*", "s?:*", "ia*:*"])
def test_a_pattern_is_every_action_of_a_service(pattern: str) -> None:
    assert is_every_action_of_a_service(pattern)


@pytest.mark.parametrize("pattern", ["*", "s3:Get*", "s3:*Object", "s3:GetObject", ""])
def test_a_pattern_is_not_every_action_of_a_service(pattern: str) -> None:
    assert not is_every_action_of_a_service(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["*", "**", "?*", "*-*", "*:*", "arn:*", "arn:aws:*", "arn:aws-cn:*", "arn:*:*:*:*:*", "a*"],
)
def test_a_pattern_covers_every_resource(pattern: str) -> None:
    assert covers_every_resource(pattern)


@pytest.mark.parametrize("pattern", ["arn:aws:s3:*", "arn:aws:s3:::*", "b*", "", "?"])
def test_a_pattern_does_not_cover_every_resource(pattern: str) -> None:
    assert not covers_every_resource(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *("*", "arn:aws:kms:*", f"arn:aws:kms:{ACCOUNT}:*", f"arn:aws:kms:{ACCOUNT}:key/*"),
        *(f"arn:aws:kms:{ACCOUNT}:key/*-*", "arn:aws:kms:*:*:k*", "*key/*", "arn:*:key/?*"),
        *("arn:aws:iam::123456789012:role/*", "arn:aws-cn:iam::*:role/*-*", "arn:aws:iam::*"),
        *(
            f"arn:aws:secretsmanager:{ACCOUNT}:secret:*",
            "arn:aws:secretsmanager:*:*:secret:*-??????",
        ),
        *(f"arn:aws:lambda:{ACCOUNT}:function:*", "arn:aws:s3:::*", "arn:aws:s3:::**"),
        f"arn:aws:rds-db:{ACCOUNT}:dbuser:*/*",
    ],
)
def test_a_pattern_covers_a_kind_of_resources(pattern: str) -> None:
    assert covers_a_kind(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        *(f"arn:aws:kms:{ACCOUNT}:key/1", f"arn:aws:kms:{ACCOUNT}:key/0*", "arn:aws:s3:::logs/*"),
        *("arn:aws:s3:::key/*", "arn:aws:iam::123456789012:role/app-*"),
        *(f"arn:aws:secretsmanager:{ACCOUNT}:secret:/dev/*", "arn:aws:s3:::logs"),
        f"arn:aws:rds-db:{ACCOUNT}:dbuser:cluster-ABC/*",
    ],
)
def test_a_pattern_does_not_cover_a_kind_of_resources(pattern: str) -> None:
    assert not covers_a_kind(pattern)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a*", True),
        ("a?", True),
        ("a", False),
        ("a[b]", False),
        ("${*}${?}", False),
        ("${*}*", True),
    ],
)
def test_literals_are_not_wildcards(pattern: str, expected: bool) -> None:
    assert has_wildcard(pattern) is expected
