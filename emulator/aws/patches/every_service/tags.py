"""Tags: keys, values and prefixes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.aws.errors import reject
from emulator.aws.moto_adapter import operations
from emulator.aws.moto_adapter.call import Call
from emulator.aws.registry import patch_classes
from emulator.aws.validation.patterns import compiled

MAX_KEY, MAX_VALUE = 128, 256
CHARACTERS = r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*"
"""Tagging AWS resources user guide, Tag naming limits and requirements."""

_RESERVED = re.compile(r"(aws|rds):.*", re.IGNORECASE)
_RESERVED_BY_AWS = re.compile(r"aws:.*", re.IGNORECASE)
_ANY_CHARACTER = frozenset({"ec2"})
"""EC2 user guide, Tag restrictions: EC2 allows any character."""

_CODES: Mapping[str, str] = {
    "cloudwatch": "ValidationError",
    "ec2": "InvalidParameterValue",
    "events": "ValidationException",
    "iam": "InvalidInput",
    "kms": "TagException",
    "lambda": "InvalidParameterValueException",
    "logs": "InvalidParameterException",
    "rds": "InvalidParameterValue",
    "secretsmanager": "InvalidParameterException",
    "sns": "InvalidParameter",
    "sqs": "InvalidParameterValue",
}
_REMOVALS = ("Untag", "Remove", "Delete", "List")


@patch_classes(
    moto_behaviour="tag keys and values are not validated",
    aws="keys of 1 to 128 and values of up to 256 characters, of letters, digits, white space and "
    "`_ . : / = + - @`; the prefix aws: is reserved, and rds: in RDS; keys of IAM tags are unique "
    "regardless of case",
    source="Tagging AWS resources user guide, Tag naming limits and requirements; RDS API "
    "reference, Tag; IAM API reference, TagRole",
    test="every_service/test_tags::test_an_invalid_tag_is_rejected_with_the_code_of_the_service",
)
def validate_tags() -> None:
    """Validate the tags of every request that sets some."""
    operations.before_every_operation(_validate)


def _validate(call: Call) -> None:
    if call.service not in _CODES or call.operation.startswith(_REMOVALS):
        return
    tags = list(_tags(call.params))
    for key, value in tags:
        for problem in _problems(call.service, key, value):
            reject(_CODES[call.service], problem)
    if call.service == "iam" and len({key.lower() for key, _ in tags}) < len(tags):
        reject(
            "InvalidInput",
            "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
        )


def _problems(service: str, key: str, value: str) -> Iterator[str]:
    reserved = _RESERVED if service == "rds" else _RESERVED_BY_AWS
    if reserved.fullmatch(key):
        yield f"The tag key {key} begins with a reserved prefix."
    if not 1 <= len(key) <= MAX_KEY:
        yield f"The tag key {key} must have 1 to {MAX_KEY} characters."
    if len(value) > MAX_VALUE:
        yield f"The value of the tag {key} must have at most {MAX_VALUE} characters."
    if service not in _ANY_CHARACTER:
        for text in (key, value):
            if not compiled(CHARACTERS).fullmatch(text):
                yield (
                    f"The tag {key} has characters other than letters, digits, white space and "
                    "_ . : / = + - @"
                )


def _tags(params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield key and value of all tags in a request, whatever the service calls the members."""
    for specification in params.get("TagSpecifications", ()):
        yield from _tags(specification)
    for member in ("Tags", "tags", "Tag"):
        tags: dict[str, str] | list[dict[str, str]] = params.get(member) or {}
        pairs = tags.items() if isinstance(tags, dict) else map(_pair, tags)
        yield from pairs


def _pair(tag: Mapping[str, str]) -> tuple[str, str]:
    prefix = "Tag" if "TagKey" in tag else ""
    return tag[f"{prefix}Key"], tag.get(f"{prefix}Value") or ""
