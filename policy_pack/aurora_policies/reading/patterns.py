"""IAM patterns: `*` matches any text and `?` one character, in actions and in resources.

Whether a pattern limits anything is decided by names that have only punctuation in common: a
pattern that matches all of them, such as `*`, `?*` or `*-*`, matches every name.
"""

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache

_LITERAL = re.compile(r"\$\{[*?$]\}")
_WILDCARD = re.compile(r"[*?]")
_UNRELATED_NAMES = (
    ("aaa-aa_aa.aa/aa:aa", "zzz-zz_zz.zz/zz:zz"),
    # Secrets Manager adds a hyphen and six characters to the name of a secret.
    ("aaa-aaaaaa", "zzz-zzzzzz"),
    ("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff"),
)
_KINDS = (
    *(("kms", "key/"), ("iam", "role/"), ("iam", "user/"), ("iam", "group/"), ("iam", "policy/")),
    *(("secretsmanager", "secret:"), ("lambda", "function:"), ("logs", "log-group:")),
    *(("rds", "cluster:"), ("rds", "db:"), ("rds", "cluster-snapshot:"), ("rds", "snapshot:")),
    *(("rds-db", "dbuser:"), ("ssm", "parameter/"), ("dynamodb", "table/"), ("ec2", "instance/")),
    *(("ec2", "snapshot/"), ("s3", ""), ("sns", ""), ("sqs", "")),
)
"""Services and the start of their resources' names in an ARN, before the part that varies."""
_REGIONS = {"iam": "", "s3": ""}
"""Regions in the ARNs of global services."""
_UNRELATED_ACTIONS = ("bbbb", "yyyy")


def matches(text: str, pattern: str) -> bool:
    """Return whether a text matches a pattern; brackets have no special meaning."""
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def matches_any(text: str, patterns: Iterable[str]) -> bool:
    """Return whether a text matches one of several patterns."""
    return any(matches(text, pattern) for pattern in patterns)


def has_wildcard(pattern: str) -> bool:
    """Return whether a pattern contains `*` or `?` other than as the literals `${*}` and `${?}`."""
    return _WILDCARD.search(_LITERAL.sub("", pattern)) is not None


@cache
def is_everything(pattern: str) -> bool:
    """Return whether a pattern matches every name, or every ARN."""
    return any(all(matches(name, pattern) for name in pair) for pair in _UNRELATED_NAMES)


@cache
def covers_every_resource(pattern: str) -> bool:
    """Return whether a pattern matches the resources of every service."""
    arns = ("aaa:aa-aaaa-1:111111111111:aaa/aa_aa.a", "zzz:zz-zzzz-2:222222222222:zzz/zz_zz.z")
    partitions = ("aws", "aws-cn", "aws-us-gov")
    return any(all(matches(f"arn:{each}:{arn}", pattern) for arn in arns) for each in partitions)


@cache
def covers_a_kind(pattern: str) -> bool:
    """Return whether a pattern matches every resource of a kind, such as every key."""
    if not has_wildcard(pattern):
        return False
    parts = pattern.split(":", 5)
    is_arn = len(parts) == 6
    for owner, prefix in _KINDS:
        start = f"arn:aws:{owner}:{_REGIONS.get(owner, 'us-east-1')}:111111111111:{prefix}"
        if is_arn:
            _, partition, _, region, account, _ = map(_example, parts)
            start = f"arn:{partition}:{owner}:{region}:{account}:{prefix}"
        for pair in _UNRELATED_NAMES:
            if all(matches(start + name, pattern) for name in pair):
                return True
    return False


def is_every_action(pattern: str) -> bool:
    """Return whether a pattern matches every action of every service."""
    return all(matches(f"{each}:{each}", pattern.lower()) for each in _UNRELATED_ACTIONS)


def is_every_action_of_a_service(pattern: str) -> bool:
    """Return whether a pattern matches every action of a service, such as `s3:*` and `s3*`."""
    service, colon, _ = pattern.lower().partition(":")
    service = service if colon else service.partition("*")[0]
    actions = (f"{_example(service)}:{each}" for each in _UNRELATED_ACTIONS)
    return bool(service) and all(matches(each, pattern.lower()) for each in actions)


def _example(pattern: str) -> str:
    """Return a text that matches a pattern."""
    return _WILDCARD.sub("x", pattern)
