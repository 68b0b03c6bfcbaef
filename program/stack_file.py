"""The stack file itself, for values that Pulumi changes before the program sees them.

Pulumi parses `Pulumi.<stack>.yaml` with yaml.v3 and passes every scalar on as text, after resolving
it: an unquoted `17.10` becomes `17.1`, `0042` becomes `34` and a date becomes a timestamp.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml, if it is installed, parses a file in a tenth of the time."""

_RESOLVED = re.compile(
    r"""[-+]?(?:
        0b[01_]+ | 0o?[0-7_]+ | 0x[0-9a-fA-F_]+ | [0-9][0-9_]*                # integers
        | (?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+]?[0-9]+)? | [0-9][0-9_]*\.(?:[eE][-+]?[0-9]+)?
        | [0-9][0-9_]*[eE][-+]?[0-9]+ | \.(?:inf|Inf|INF)                     # floats
    )
    | \.(?:nan|NaN|NAN) | ~ | null | Null | NULL | true | True | TRUE | false | False | FALSE
    | \d{4}-\d\d?-\d\d?(?:[Tt\ ]+.*)?                                         # timestamps
    """,
    re.VERBOSE,
)
"""Plain scalars that yaml.v3 does not read as text (go-yaml, resolve.go)."""


def unquoted_scalars(path: Path, namespace: str) -> Mapping[str, str]:
    """Return the plain scalars of a stack file that YAML does not read as text.

    Args:
        path: The stack file. A missing file has none.
        namespace: Prefix of the keys to return, removed from them.

    Returns:
        Scalars as written, by key.
    """
    if not path.is_file():
        return {}
    document = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    return {
        key.removeprefix(namespace): node.value
        for key, node in _entries(_child(document, "config"))
        if key.startswith(namespace) and _is_resolved(node)
    }


def _is_resolved(node: yaml.Node) -> bool:
    return (
        isinstance(node, yaml.ScalarNode)
        and not node.style
        and _RESOLVED.fullmatch(node.value) is not None
    )


def _entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), value


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    return dict(_entries(node)).get(key)
