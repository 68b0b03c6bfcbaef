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


def test_a_pattern_is_every_action() -> None:
    patterns = ["*", "**", "?*", "*?", "*:*", "?*:?*", "*:**"]
    assert [pattern for pattern in patterns if not is_every_action(pattern)] == []


def test_a_pattern_is_not_every_action() -> None:
    patterns = ["s3:*", "iam:*", "*:Get*", "s*", "s3:GetObject", ""]
    assert [pattern for pattern in patterns if is_every_action(pattern)] == []


def test_a_pattern_is_every_action_of_a_service() -> None:
    patterns = ["s3:*", "S3:*", "s3:?*", "s3:**", "s3*", "s?:*", "ia*:*"]
    assert [pattern for pattern in patterns if not is_every_action_of_a_service(pattern)] == []


def test_a_pattern_is_not_every_action_of_a_service() -> None:
    patterns = ["*", "s3:Get*", "s3:*Object", "s3:GetObject", ""]
    assert [pattern for pattern in patterns if is_every_action_of_a_service(pattern)] == []


def test_a_pattern_covers_every_resource() -> None:
    patterns = [
        "*",
        "**",
        "?*",
        "*-*",
        "*:*",
        "arn:*",
        "arn:aws:*",
        "arn:aws-cn:*",
        "arn:*:*:*:*:*",
        "a*",
    ]
    assert [pattern for pattern in patterns if not covers_every_resource(pattern)] == []


def test_a_pattern_does_not_cover_every_resource() -> None:
    patterns = ["arn:aws:s3:*", "arn:aws:s3:::*", "b*", "", "?"]
    assert [pattern for pattern in patterns if covers_every_resource(pattern)] == []


def test_a_pattern_covers_a_kind_of_resources() -> None:
    patterns = [
        *("*", "arn:aws:kms:*", f"arn:aws:kms:{ACCOUNT}:*", f"arn:aws:kms:{ACCOUNT}:key/*"),
        *(f"arn:aws:kms:{ACCOUNT}:key/*-*", "arn:aws:kms:*:*:k*", "*key/*", "arn:*:key/?*"),
        *("arn:aws:iam::123456789012:role/*", "arn:aws-cn:iam::*:role/*-*", "arn:aws:iam::*"),
        *(
            f"arn:aws:secretsmanager:{ACCOUNT}:secret:*",
            "arn:aws:secretsmanager:*:*:secret:*-??????",
        ),
        *(f"arn:aws:lambda:{ACCOUNT}:function:*", "arn:aws:s3:::*", "arn:aws:s3:::**"),
        f"arn:aws:rds-db:{ACCOUNT}:dbuser:*/*",
    ]
    assert [pattern for pattern in patterns if not covers_a_kind(pattern)] == []


def test_a_pattern_does_not_cover_a_kind_of_resources() -> None:
    patterns = [
        *(f"arn:aws:kms:{ACCOUNT}:key/1", f"arn:aws:kms:{ACCOUNT}:key/0*", "arn:aws:s3:::logs/*"),
        *("arn:aws:s3:::key/*", "arn:aws:iam::123456789012:role/app-*"),
        *(f"arn:aws:secretsmanager:{ACCOUNT}:secret:/dev/*", "arn:aws:s3:::logs"),
        f"arn:aws:rds-db:{ACCOUNT}:dbuser:cluster-ABC/*",
    ]
    assert [pattern for pattern in patterns if covers_a_kind(pattern)] == []


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
