"""Comparisons of property values, as AWS understands them."""

import json
from typing import Any

from emulator.provider.protocol.properties import is_list, is_object


def same_value(old: Any, new: Any) -> bool:
    """Compare for equality."""
    return old == new


def same_members(old: Any, new: Any) -> bool:
    """Compare lists regardless of order."""
    return _sorted(old) == _sorted(new)


def same_json(old: Any, new: Any) -> bool:
    """Compare JSON documents such as IAM policies by meaning.

    In IAM's policy language a list of one element equals the element, and order is irrelevant.
    """
    return _document(old) == _document(new)


def same_json_values(old: Any, new: Any) -> bool:
    """Compare JSON documents by value; the order of a list is relevant."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except (TypeError, ValueError):
        return bool(old == new)


def same_trimmed(old: Any, new: Any) -> bool:
    """Compare text without surrounding white space."""
    return str(old).strip() == str(new).strip()


def same_text_any_case(old: Any, new: Any) -> bool:
    """Compare names that AWS stores in lower case."""
    return str(old).lower() == str(new).lower()


def same_given_keys(old: Any, new: Any) -> bool:
    """Compare a block in which AWS fills in what the program leaves out."""
    return is_object(old) and all(old.get(key) == value for key, value in new.items())


def same_version(old: Any, new: Any) -> bool:
    """Compare engine versions: 17 is satisfied by 17.4."""
    return old == new or str(old).startswith(f"{new}.")


def same_key(old: Any, new: Any) -> bool:
    """Compare KMS keys given by id or by ARN."""
    return str(old).rpartition("/")[2] == str(new).rpartition("/")[2]


def never_differs(_old: Any, _new: Any) -> bool:
    """Compare values whose change needs no update."""
    return True


def _sorted(value: Any) -> Any:
    if not is_list(value):
        return value
    return sorted(value, key=_text)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _document(value: Any) -> Any:
    try:
        return _canonical(json.loads(value))
    except (TypeError, ValueError):
        return value


def _canonical(value: Any) -> Any:
    if is_object(value):
        return {key: _canonical(item) for key, item in value.items()}
    if is_list(value):
        items = _sorted([_canonical(item) for item in value])
        return items.pop() if len(items) == 1 else items
    return value
