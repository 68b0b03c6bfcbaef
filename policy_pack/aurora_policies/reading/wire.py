"""Properties as the engine sends them, decoded in one pass.

The policy SDK makes three passes over them, and repeats these for every policy.
"""

from google.protobuf import struct_pb2
from pulumi_policy import proxy
from pulumi_policy.deserialize import SPECIAL_SECRET_SIG, SPECIAL_SIG_KEY

from .values import UNKNOWN, Value, is_of_the_engine

_UNKNOWNS = frozenset(
    {
        *(proxy.UNKNOWN_BOOLEAN_VALUE, proxy.UNKNOWN_NUMBER_VALUE, proxy.UNKNOWN_STRING_VALUE),
        *(proxy.UNKNOWN_ARRAY_VALUE, proxy.UNKNOWN_OBJECT_VALUE),
        *(proxy.UNKNOWN_ASSET_VALUE, proxy.UNKNOWN_ARCHIVE_VALUE),
    }
)


def decoded(properties: struct_pb2.Struct) -> Value:
    """Return properties as plain values, without the marks of secrets."""
    fields = properties.fields
    if SPECIAL_SIG_KEY in fields:
        is_secret = fields[SPECIAL_SIG_KEY].string_value == SPECIAL_SECRET_SIG
        # Assets and archives have no properties that a policy could check.
        return _value(fields["value"]) if is_secret else UNKNOWN
    return {key: _value(each) for key, each in fields.items() if not is_of_the_engine(key)}


def _value(value: struct_pb2.Value) -> Value:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in _UNKNOWNS else text
        case "struct_value":
            return decoded(value.struct_value)
        case "list_value":
            return [_value(each) for each in value.list_value.values]
        case "number_value":
            return value.number_value
        case "bool_value":
            return value.bool_value
        case _:
            return None
