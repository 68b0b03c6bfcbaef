"""Resources of dev and prod, compared with golden files.

`contract.*.json` contains type tokens, logical names, parents and physical names. They identify
resources: changing one replaces or renames a resource of every user. `resources.*.json` contains all
inputs and options. After an intended change, run `pytest --update-golden` and review the diff; a
change of a contract needs an alias and a CHANGELOG line with its state impact.
"""

import json
from typing import Any

import pytest

from tools.testing.golden import FOLDER, VIEWS
from tools.testing.programs import run_program
from tools.testing.recorder import PASSWORD, SECRET_SIGNATURE

COUNTS = {"dev": 78, "prod": 94}
"""Resources without components: prod has one more instance and every alarm of the catalogue."""


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_stack_registers_exactly_its_golden_resources(
    stack: str, view: str, pytestconfig: pytest.Config
) -> None:
    text = json.dumps(VIEWS[view](run_program(stack)), indent=2, sort_keys=True) + "\n"
    path = FOLDER / f"{view}.{stack}.json"
    if pytestconfig.getoption("update_golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_registers_its_exact_number_of_resources(stack: str) -> None:
    recorded = run_program(stack).resources
    assert len([each for each in recorded if ":index:" not in each.type]) == COUNTS[stack]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_golden_files_contain_the_password_only_inside_secret_envelopes(stack: str) -> None:
    def walk(value: Any, *, secret: bool) -> None:
        if isinstance(value, dict):
            inside: bool = secret or SECRET_SIGNATURE in value
            for item in value.values():  # pyright: ignore[reportUnknownVariableType]
                walk(item, secret=inside)
        elif isinstance(value, list):
            for item in value:  # pyright: ignore[reportUnknownVariableType]
                walk(item, secret=secret)
        else:
            assert secret or PASSWORD not in str(value)

    walk(json.loads((FOLDER / f"resources.{stack}.json").read_text()), secret=False)
