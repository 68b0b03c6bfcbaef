"""Property values in the engine's protocol.

The protocol is JSON in which a secret is an object with a signature key, and a value that a preview
does not know is a special string.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard

from google.protobuf import struct_pb2
from pulumi.runtime.rpc import UNKNOWN as UNKNOWN_TEXT

SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a public constant
# Both are constants of Pulumi's protocol (sdk/go/common/resource/sig).

Properties = dict[str, Any]
"""JSON of AWS or of the engine; a recursive type would need a cast at every access."""


class UnknownValue(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = UnknownValue.UNKNOWN
"""A value that is known only after the update."""


@dataclass(frozen=True)
class SecretValue:
    """A value that the engine encrypts in state and masks in output."""

    value: Any

    def __repr__(self) -> str:
        return "SecretValue(...)"


def is_object(value: Any) -> TypeGuard[Properties]:
    """Return whether a value is a JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Return whether a value is a JSON array."""
    return isinstance(value, list)


def decode(message: struct_pb2.Struct) -> Properties:
    """Decode properties; secrets are SecretValue and unknown values UNKNOWN."""
    return {key: _decode_value(value) for key, value in message.fields.items()}


def encode(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Encode properties; None is left out, as the engine treats it as absent."""
    return struct_pb2.Struct(
        fields={key: _encode_value(value) for key, value in properties.items() if value is not None}
    )


def plain(value: Any) -> Any:
    """Unwrap secrets at every depth."""
    if isinstance(value, SecretValue):
        return plain(value.value)
    if is_object(value):
        return {key: plain(item) for key, item in value.items()}
    if is_list(value):
        return [plain(item) for item in value]
    return value


def is_unknown(value: Any) -> bool:
    """Return whether any part of a value is unknown."""
    return any(part is UNKNOWN for part in _parts(value))


def is_secret(value: Any) -> bool:
    """Return whether any part of a value is secret."""
    return any(isinstance(part, SecretValue) for part in _parts(value))


def keep_secrets(properties: Mapping[str, Any], known: Mapping[str, Any]) -> Properties:
    """Mark each property as secret if the same property of `known` has a secret part."""
    return {
        key: SecretValue(plain(value)) if is_secret(known.get(key)) else value
        for key, value in properties.items()
    }


def get_path(value: Any, path: str) -> Any:
    """Return the value at the path `A.B` or `A[].B`; None if it does not exist."""
    if not path:
        return value
    head, _, rest = path.partition(".")
    if head.endswith("[]"):
        items = _member(value, head.removesuffix("[]"))
        return None if items is None else [get_path(item, rest) for item in items]
    return get_path(_member(value, head), rest)


def _member(value: Any, key: str) -> Any:
    return value.get(key) if is_object(value) else None


def _parts(value: Any) -> Iterator[Any]:
    yield value
    inner: list[Any] = []
    if isinstance(value, SecretValue):
        inner = [value.value]
    elif is_object(value):
        inner = list(value.values())
    elif is_list(value):
        inner = value
    for part in inner:
        yield from _parts(part)


def _decode_value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "bool_value":
            return value.bool_value
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "string_value":
            return UNKNOWN if value.string_value == UNKNOWN_TEXT else value.string_value
        case "list_value":
            return [_decode_value(item) for item in value.list_value.values]
        case "struct_value":
            decoded = decode(value.struct_value)
            if decoded.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
                return SecretValue(decoded.get("value"))
            return decoded
        case _:
            return None


def _encode_value(value: Any) -> struct_pb2.Value:
    if isinstance(value, SecretValue):
        value = {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value.value}
    if value is UNKNOWN:
        return struct_pb2.Value(string_value=UNKNOWN_TEXT)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, (int, float)):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if is_object(value):
        return struct_pb2.Value(struct_value=encode(value))
    if is_list(value):
        items = [_encode_value(item) for item in value]
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=items))
    message = f"a {type(value).__name__} is not a property value"
    raise TypeError(message)
