"""Property values as the engine sends them, and back.

The engine's protocol carries JSON with envelopes: a dict under a magic key for a secret, a magic
string for a value that a preview cannot know.
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
"""JSON of AWS or of the engine; a recursive type would need a cast at every step into it."""


class Unknown(Enum):
    """The type of UNKNOWN."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN
"""A value that exists only after the update."""


@dataclass(frozen=True)
class Secret:
    """A value that the engine encrypts in state and never shows."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(...)"


def is_object(value: Any) -> TypeGuard[Properties]:
    """Tell a JSON object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Tell a JSON array."""
    return isinstance(value, list)


def decode(message: struct_pb2.Struct) -> Properties:
    """Read properties, keeping secrets and unknown values recognisable."""
    return {key: _decode_value(value) for key, value in message.fields.items()}


def encode(properties: Mapping[str, Any]) -> struct_pb2.Struct:
    """Write properties; a None is left out, as absence means the same to the engine."""
    return struct_pb2.Struct(
        fields={key: _encode_value(value) for key, value in properties.items() if value is not None}
    )


def plain(value: Any) -> Any:
    """Unwrap secrets at every depth."""
    if isinstance(value, Secret):
        return plain(value.value)
    if is_object(value):
        return {key: plain(item) for key, item in value.items()}
    if is_list(value):
        return [plain(item) for item in value]
    return value


def is_unknown(value: Any) -> bool:
    """Tell whether any part of a value is unknown."""
    return any(part is UNKNOWN for part in _parts(value))


def is_secret(value: Any) -> bool:
    """Tell whether any part of a value is secret."""
    return any(isinstance(part, Secret) for part in _parts(value))


def keep_secrets(properties: Mapping[str, Any], known: Mapping[str, Any]) -> Properties:
    """Make each property a secret whose namesake in `known` has a secret part."""
    return {
        key: Secret(plain(value)) if is_secret(known.get(key)) else value
        for key, value in properties.items()
    }


def _parts(value: Any) -> Iterator[Any]:
    yield value
    inner: list[Any] = []
    if isinstance(value, Secret):
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
                return Secret(decoded.get("value"))
            return decoded
        case _:
            return None


def _encode_value(value: Any) -> struct_pb2.Value:
    if isinstance(value, Secret):
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
    message = f"a {type(value).__name__} is no property value"
    raise TypeError(message)
