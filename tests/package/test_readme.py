"""The tables of the package's readme."""

import re

from package.arguments import GROUPS
from package.schema import TOKEN, schema
from tools.repository import ROOT

README = (ROOT / "package/README.md").read_text(encoding="utf-8")
RESOURCE = schema()["resources"][TOKEN]


def first_cells(header: str) -> list[str]:
    """Return the names in the first column of the table with a header."""
    table = README.split(f"| {header} |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]


def test_the_required_arguments_are_those_of_the_schema() -> None:
    types = schema()["types"]
    required = [
        f"{name}.{member}" if "$ref" in RESOURCE["inputProperties"][name] else name
        for name in RESOURCE["requiredInputs"]
        for member in types.get(
            RESOURCE["inputProperties"][name].get("$ref", "").removeprefix("#/types/"), {}
        ).get("required", [""])
    ]
    assert sorted(first_cells("required")) == sorted(required)


def test_every_group_of_arguments_is_described() -> None:
    assert first_cells("group") == [group.name for group in GROUPS if group.name]


def test_every_output_is_described() -> None:
    assert sorted(first_cells("output")) == sorted(RESOURCE["properties"])
