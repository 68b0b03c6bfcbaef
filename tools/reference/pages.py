"""Writes what the code already knows: the configuration reference, its schema, the error list.

Run `make docs` after a change; a test fails when a file is stale.
"""

import json
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic_core import PydanticUndefined, to_jsonable_python

from components.aurora_data_platform.aurora.parameters import (
    CATALOGUE,
    DEFAULT_PARAMETERS,
)
from components.aurora_data_platform.settings.model import GROUPS
from components.aurora_data_platform.settings.validation import describe
from program.config import config_keys
from program.lookup_settings import LookupSettings
from tools.reference.alarm_pages import ALARM_FILES
from tools.reference.checkov_page import checkov_page
from tools.reference.policy_pages import POLICY_FILES
from tools.reference.rotation_page import ROTATION_FILES
from tools.reference.tables import cell
from tools.repository import ROOT

README = ROOT / "README.md"
_TREE_START = "<!-- tree:"
_TREE_END = "<!-- /tree -->"
_ORDER = {
    f"aurora-{part}": position
    for position, part in enumerate(
        ("network", "encryption", "credentials", "database", "access", "observability"), start=1
    )
}
"""Components in the order in which they are made."""

_NOTICE = "<!-- Written by `make docs` from {source}; do not edit. -->\n"
_HEADER: dict[str, Any] = {
    "name": "aurora-data-platform",
    "description": "Aurora PostgreSQL 17 Serverless v2 data platform for an application on ECS",
    "runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": ".venv"}},
}
_PARTS: tuple[type[BaseModel], ...] = (*GROUPS, LookupSettings)
"""Settings in the order of the reference."""


def default_of(model: type[BaseModel], name: str) -> object:
    """Default of a setting as a stack file would write it; `PydanticUndefined` if required."""
    default = model.model_fields[name].default
    if default is PydanticUndefined:
        return PydanticUndefined
    plain = to_jsonable_python(default)
    if describe(model, name)["config"] == "string" and not isinstance(plain, str):
        return f"{plain:g}"
    return plain


def title_of(model: type[BaseModel]) -> str:
    """Title of a group of settings."""
    return (model.__doc__ or "").partition("\n")[0].rstrip(".")


def project_file() -> str:
    """`Pulumi.yaml`: the runtime, and type, description and default of every key."""
    config: dict[str, Any] = {}
    for model in _PARTS:
        for key, name in config_keys(model).items():
            kind = describe(model, name)["config"]
            row: dict[str, Any] = {
                "type": kind,
                "description": model.model_fields[name].description,
            }
            if kind == "array":
                row["items"] = {"type": "string"}
            default = default_of(model, name)
            if default is not PydanticUndefined:
                row["default"] = default
            config[key] = row
    text = yaml.safe_dump({**_HEADER, "config": config}, sort_keys=False, width=100)
    return "# Written by `make docs` from the settings' models; do not edit.\n" + text


def configuration_reference() -> str:
    """`docs/configuration.md`: every key with type, default, limits and reason."""
    lines = [
        "# Configuration reference",
        "",
        _NOTICE.format(source="the settings' models"),
        "Set a key with `pulumi config set KEY VALUE`, or in `Pulumi.<stack>.yaml` under `config:` "
        "with the prefix `aurora-data-platform:`. The region is `aws:region`.",
        "",
    ]
    for model in filter(config_keys, _PARTS):
        lines += [f"## {title_of(model)}", "", "| key | type | default | allowed | meaning |"]
        lines += ["|---|---|---|---|---|"]
        for key, name in config_keys(model).items():
            told = describe(model, name)
            default = default_of(model, name)
            shown = "required" if default is PydanticUndefined else _code(default)
            meaning = f"{model.model_fields[name].description}. Why the limit: {told['why']}."
            lines.append(
                f"| `{key}` | {told['config']} | {shown} | {cell(told['allowed'])} "
                f"| {cell(meaning)} |"
            )
        lines.append("")
    lines += [
        "## Cluster parameters",
        "",
        "Keys of `parameters`. Numbers may carry a unit; without one they are in the parameter's "
        "own unit. A static parameter takes effect after a restart of every instance.",
        "",
        "| parameter | takes | static | set by default to |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {cell(row.accepts)} | {'yes' if row.static else 'no'} "
        f"| {_code(DEFAULT_PARAMETERS[name]) if name in DEFAULT_PARAMETERS else ''} |"
        for name, row in CATALOGUE.items()
    ]
    return "\n".join(lines) + "\n"


def error_list() -> str:
    """`docs/errors.md`: messages of bad configurations, and what to do about each."""
    path = ROOT / "tests/program/bad_configs.yaml"
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    lines = [
        "# What an error means",
        "",
        _NOTICE.format(source=f"`{path.relative_to(ROOT)}`"),
        "A preview checks the whole configuration before anything is created and tells every fault "
        "in one message. Each fault names the key, the value it got, what is allowed and why.",
        "",
    ]
    for row in rows:
        lines += [f"## {row['title']}", "", "```yaml", _yaml(row["config"]), "```", ""]
        lines += ["```text", row["message"].rstrip(), "```", "", row["meaning"].strip(), ""]
    return "\n".join(lines)


def readme() -> str:
    """`README.md`, whose tree of resources comes from the golden contract of dev."""
    text = README.read_text(encoding="utf-8")
    head, rest = text.split(_TREE_START)
    notice, _, _ = rest.partition("\n")
    tail = rest[rest.index(_TREE_END) :]
    golden = ROOT / "tests/components/aurora_data_platform/golden/contract.dev.json"
    rows = json.loads(golden.read_text(encoding="utf-8"))
    tree = "\n".join(_branches(rows, parent=None))
    return f"{head}{_TREE_START}{notice}\n```text\n{tree}\n```\n{tail}"


FILES = {
    README: readme,
    ROOT / "Pulumi.yaml": project_file,
    ROOT / "docs/configuration.md": configuration_reference,
    ROOT / "docs/errors.md": error_list,
    ROOT / "docs/policy-checkov.md": checkov_page,
    **POLICY_FILES,
    **ALARM_FILES,
    **ROTATION_FILES,
}
"""Generated files and what writes each."""


def _branches(rows: list[dict[str, Any]], *, parent: str | None, indent: str = "") -> list[str]:
    """A tree of resources: type, logical name, physical name; components before resources."""
    children = [row for row in rows if row["parent"] == parent]
    children.sort(key=lambda row: (not _is_component(row), _ORDER.get(row["name"], 0), row["name"]))
    lines: list[str] = []
    for row in children:
        last = row is children[-1]
        branch = "" if parent is None else indent + ("└─ " if last else "├─ ")
        physical = next(iter(row["physical"].values()), "")
        if "identifier" in row["physical"]:
            physical = row["physical"]["identifier"]
        kind = row["type"].rpartition(":")[2]
        named = f"  {physical}" if physical else ""
        lines.append(f"{branch}{kind} {row['name']}{named}")
        deeper = "" if parent is None else indent + ("   " if last else "│  ")
        lines += _branches(rows, parent=row["name"], indent=deeper)
    return lines


def _is_component(row: dict[str, Any]) -> bool:
    return row["type"].startswith("aurora-data-platform:")


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, sort_keys=False, default_flow_style=False).rstrip()


def _code(value: object) -> str:
    if value in ("", [], {}):
        return "empty"
    if isinstance(value, dict | list):
        return f"`{yaml.safe_dump(value, default_flow_style=True, width=1000).strip()}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"
