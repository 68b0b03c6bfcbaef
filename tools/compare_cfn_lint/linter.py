"""cfn-lint and its resource schemas, in the environment that `make compare-cfn-lint` creates."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tools.compare_cfn_lint.record import Finding, Schema
from tools.repository import ROOT

_ENVIRONMENT = ROOT / ".cfn-lint"
_PROGRAM = _ENVIRONMENT / "bin/cfn-lint"
_REGION = "us-east-2"
_FINDINGS = 2 | 4 | 8
"""Bits of the exit code that stand for errors, warnings and information."""


def version() -> str:
    """Return the version of cfn-lint."""
    printed = subprocess.run([_PROGRAM, "--version"], check=True, stdout=subprocess.PIPE, text=True)
    return printed.stdout.split()[-1]


def findings(templates: Mapping[str, str]) -> list[Finding]:
    """Return the errors and warnings in templates, by name and position.

    Raises:
        CalledProcessError: cfn-lint did not run.
    """
    with TemporaryDirectory() as folder:
        files = [Path(folder) / f"{name}.json" for name in templates]
        for path in files:
            path.write_text(templates[path.stem], encoding="utf-8")
        command = [_PROGRAM, "--format", "json", "--regions", _REGION, "--template", *files]
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode & ~_FINDINGS:
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout)
    found = [_finding(row) for row in json.loads(done.stdout)]
    return sorted(found, key=lambda each: (each.template, each.rule, each.resource, each.path))


def _finding(row: Mapping[str, Any]) -> Finding:
    _, resource, *path = map(str, row["Location"]["Path"])
    return Finding(
        template=Path(row["Filename"]).stem,
        rule=row["Rule"]["Id"],
        resource=resource,
        path="/".join(path),
        message=row["Message"],
    )


def schemas(types: Iterable[str]) -> dict[str, Schema]:
    """Return the schemas of resource types.

    Raises:
        KeyError: cfn-lint does not know a type.
    """
    (folder,) = _ENVIRONMENT.glob("lib/python*/site-packages/cfnlint/data/schemas")
    files = json.loads((folder / f"providers/{_REGION}.json").read_text(encoding="utf-8"))
    return {each: _schema(folder / f"resources/{files[each]}.json") for each in sorted(types)}


def _schema(path: Path) -> Schema:
    content = json.loads(path.read_text(encoding="utf-8"))
    return Schema(
        properties=tuple(sorted(content["properties"])),
        create_only=_names(content.get("createOnlyProperties", [])),
        conditional=_names(content.get("conditionalCreateOnlyProperties", [])),
    )


def _names(pointers: Iterable[str]) -> tuple[str, ...]:
    """Return the names of properties, without members of objects."""
    names = (each.removeprefix("/properties/") for each in pointers)
    return tuple(sorted(each for each in names if "/" not in each))
