"""Disguises: other ways to write the same value, which AWS or the provider reads alike."""

# Properties are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

import json
import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeAlias

Path: TypeAlias = tuple[Any, ...]
Disguise: TypeAlias = Callable[[Path, Any], Iterator[Any]]

_BOOLEANS = {True: ("true", "True", "TRUE", "t", "1"), False: ("false", "False", "FALSE", "f", "0")}
_HALVES = {"0.0.0.0/0": ("0.0.0.0/1", "128.0.0.0/1"), "::/0": ("2000::/4", "3000::/4")}
_ADDRESSES = ("cidr", "cidrIpv4", "cidrIpv6")
_ELEMENTS = ("Action", "NotAction", "Resource", "NotResource", "AWS", "Service", "Federated")


def _keys(path: Path) -> list[str]:
    return [key for key in path if isinstance(key, str)]


def _is_in_document(path: Path) -> bool:
    return "Statement" in path


def booleans_as_text(_path: Path, value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield from _BOOLEANS[value]


def numbers_as_text(_path: Path, value: Any) -> Iterator[Any]:
    if isinstance(value, int) and not isinstance(value, bool):
        yield str(value)


def text_as_numbers(_path: Path, value: Any) -> Iterator[Any]:
    if isinstance(value, str) and re.fullmatch(r"-?(0|[1-9][0-9]{0,11})", value):
        yield int(value)


def lists_of_one(path: Path, value: Any) -> Iterator[Any]:
    if not _is_in_document(path) or _keys(path)[-1] == "Effect":
        return
    if isinstance(value, str) and isinstance(path[-1], str):
        yield [value]
    if isinstance(value, list) and len(value) == 1:
        yield value[0]


def wildcards(path: Path, value: Any) -> Iterator[Any]:
    is_principal = "Principal" in path or "principal" in path
    if _is_in_document(path) and not is_principal and isinstance(value, str) and "*" in value:
        yield from (value.replace("*", each) for each in ("**", "?*", "*?"))


def other_case(path: Path, value: Any) -> Iterator[Any]:
    words = ("Action", "NotAction", "protocol", "ipProtocol", "Effect")
    if isinstance(value, str) and set(words).intersection(_keys(path)[-1:]):
        yield from (value.upper(), value.lower(), value.title())


def other_case_of_keys(path: Path, value: Any) -> Iterator[Any]:
    """Names of elements, condition operators and condition keys."""
    if _is_in_document(path) and isinstance(value, dict):
        yield {str(key).upper(): each for key, each in value.items()}
        yield {str(key).lower(): each for key, each in value.items()}


def halves_of_addresses(path: Path, value: Any) -> Iterator[Any]:
    for whole, halves in _HALVES.items():
        if isinstance(value, list) and whole in value:
            yield [each for each in value if each != whole] + list(halves)
        elif value == whole and _keys(path)[-1] in _ADDRESSES:
            yield from halves


def aliases_of_keys(_path: Path, value: Any) -> Iterator[Any]:
    match = re.fullmatch(r"(?:arn:[^:]*:kms:[^:]*:[^:]*:)?(alias/aws/[^/]*)", str(value))
    if match:
        yield match[1]
        for partition, region in (("aws", "us-east-2"), ("aws-cn", "cn-north-1")):
            yield f"arn:{partition}:kms:{region}:123456789012:{match[1]}"


def forms_of_everyone(path: Path, value: Any) -> Iterator[Any]:
    if path[-1] == "Principal" and value in ("*", {"AWS": "*"}, {"AWS": ["*"]}, ["*"]):
        yield from ("*", ["*"], {"AWS": "*"}, {"AWS": ["*"]}, {"aws": "*"}, {"Federated": "*"})


def forms_of_accounts(path: Path, value: Any) -> Iterator[Any]:
    if "Principal" in path and isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value):
        yield f"arn:aws:iam::{value}:root"


def forms_of_documents(path: Path, value: Any) -> Iterator[Any]:
    if isinstance(value, dict) and "Statement" in value:
        statements = value["Statement"]
        yield json.dumps(value)
        yield {"Statement": statements if isinstance(statements, list) else [statements]}
        if isinstance(statements, list) and len(statements) == 1:
            yield {"Statement": statements[0]}


DISGUISES: tuple[Disguise, ...] = (
    booleans_as_text,
    numbers_as_text,
    text_as_numbers,
    lists_of_one,
    wildcards,
    other_case,
    other_case_of_keys,
    halves_of_addresses,
    aliases_of_keys,
    forms_of_everyone,
    forms_of_accounts,
    forms_of_documents,
)


def decoded(value: Any) -> Any:
    """A value with policy documents as mappings."""
    match value:
        case dict():
            return {key: decoded(each) for key, each in value.items()}
        case list():
            return [decoded(each) for each in value]
        case str() if value.startswith("{"):
            return decoded(json.loads(value))
        case _:
            return value


def disguised(properties: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name of the disguise, and properties in which one value is written differently."""
    plain = decoded(properties)
    for path, value in _places(plain, ()):
        for disguise in DISGUISES:
            for other in disguise(path, value):
                if other != value or type(other) is not type(value):
                    yield disguise.__name__, _replaced(plain, path, other)


def _places(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    pairs = value.items() if isinstance(value, dict) else ()
    pairs = enumerate(value) if isinstance(value, list) else pairs
    for key, each in pairs:
        yield from _places(each, (*path, key))


def _replaced(root: Any, path: Path, value: Any) -> Any:
    copied = deepcopy(root)
    target = copied
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return copied
