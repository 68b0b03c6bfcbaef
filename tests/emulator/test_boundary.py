"""The line between the emulator, a package of its own, and this repository."""

import ast
import importlib
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.aurora_data_platform.settings.model import PlatformSettings
from emulator.engine.acquisition import MINIMUM_VERSION
from emulator.provider import contract
from emulator.tests.aws.test_implemented import OPERATIONS, UNANSWERED
from program.config import config_keys
from tools.deployment_roles.documents import load
from tools.repository import ROOT, read_yaml

EMULATOR = ROOT / "emulator"
GOLDEN = ROOT / "tests/components/aurora_data_platform/golden"
README = (EMULATOR / "README.md").read_text(encoding="utf-8")


def test_the_package_requires_the_versions_that_this_repository_tests() -> None:
    project = tomllib.loads((EMULATOR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tested = {
        name: (ROOT / name).read_text(encoding="utf-8").splitlines()
        for name in ("requirements.in", "requirements-dev.in")
    }
    pins = [line.replace("; ", " ; ") for line in project["dependencies"] if "==" in line]
    assert len(pins) == 2
    assert set(pins) <= set(tested["requirements-dev.in"])
    assert {"pulumi-aws>=7,<8", "pulumi-random>=4,<5"} <= set(project["dependencies"])
    installed = [line for line in tested["requirements.in"] if line.startswith("pulumi-")]
    assert {line.partition(".")[0] for line in installed} >= {"pulumi-aws==7", "pulumi-random==4"}


def test_the_package_has_the_license_of_this_repository() -> None:
    assert (EMULATOR / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_minimum_version_is_the_one_that_the_readme_requires() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (required,) = re.findall(r"Pulumi CLI\]\([^)]*\) (\d+\.\d+) or", readme)
    assert str(MINIMUM_VERSION) == f"{required}.0"


def test_the_documentation_lists_what_the_emulated_aws_does_not_answer() -> None:
    page = (ROOT / "docs/rehearsal.md").read_text(encoding="utf-8")
    unanswered = [name for operations in UNANSWERED.values() for name in operations]
    assert [each for each in unanswered if f"`{each}`" not in page] == []


def test_the_emulated_aws_answers_the_lookups_of_the_deployment_roles() -> None:
    table = load("actions.yaml")
    actions = {*table["configuration"]}.union(*table["lookups"].values())
    answered = {f"{service}:{name}" for service in OPERATIONS for name in OPERATIONS[service]}
    assert len(actions) > 10
    assert actions - answered == set()


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_each_resource_type_of_the_platform_has_a_contract_with_sources(stack: str) -> None:
    resources = json.loads((GOLDEN / f"contract.{stack}.json").read_text(encoding="utf-8"))
    used = {each["type"] for each in resources if not each["type"].startswith("aurora-")}
    assert [token for token in sorted(used) if not contract.load()[token].sources] == []


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Yield module and name of every import from the emulator."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("emulator."):
            yield from ((str(node.module), alias.name) for alias in node.names)
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names if alias.name == "emulator")


def test_the_emulator_and_its_tests_import_nothing_else_of_this_repository() -> None:
    others = {path.name for path in ROOT.iterdir() if any(path.glob("*.py"))} - {"emulator"}
    assert len(others) > 8
    found = [
        (path.relative_to(ROOT), module)
        for path in EMULATOR.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (module := str(node.module)).partition(".")[0] in others
    ]
    assert found == []


def public_modules() -> set[str]:
    """Return the modules that the emulator's README lists."""
    table = README.split("| module |")[1].split("\n\n")[0]
    return set(re.findall(r"^\| `([\w.]+)` \|", table, re.MULTILINE))


def test_this_repository_imports_only_the_public_api() -> None:
    public = public_modules()
    exported = {
        (module, name) for module in public for name in importlib.import_module(module).__all__
    }
    allowed = exported | {tuple(module.rsplit(".", 1)) for module in public}
    outside = [
        (path.relative_to(ROOT), *found)
        for folder in ("benchmarks", "examples", "operations", "rehearsal", "tests", "tools")
        for path in (ROOT / folder).rglob("*.py")
        if not path.is_relative_to(ROOT / "tests/emulator")
        for found in imports(path)
        if found not in allowed
    ]
    assert outside == []


def product_words() -> set[str]:
    """Return words that only this repository's program uses."""
    # A member of a block, which the contract does not list.
    properties = {"secondsUntilAutoPause"}
    properties |= {name for entry in contract.load().values() for name in entry.properties}
    settings = {key for key in config_keys(PlatformSettings) if key != key.lower()}
    stack = read_yaml(ROOT / "Pulumi.dev.yaml")["config"]
    users = {*stack["aurora-data-platform:users"], *stack.get("aurora-data-platform:databases", ())}
    return {
        *("aurora-data-platform", "aurora_data_platform", "AuroraDataPlatform", "dev-aurora"),
        *(
            "rehears",
            "REHEARS",
            "Rehears",
            "landing zone",
            "landing_zone",
            "policy_pack",
            "make docs",
            "ue2",
        ),
        *(settings - properties),
        *users,
    }


def test_the_emulator_never_names_this_product() -> None:
    words = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(product_words())))})")
    files = [
        path
        for path in EMULATOR.rglob("*")
        if path.suffix in {".csv", ".md", ".py", ".toml", ".txt", ".yaml", ".go"}
    ]
    assert len(files) > 150
    found = {
        (path.relative_to(EMULATOR), word)
        for path in files
        for word in words.findall(path.read_text(encoding="utf-8"))
    }
    # The changelog names what the variables were called before the package existed.
    assert found <= {(Path("CHANGELOG.md"), "REHEARS")}
