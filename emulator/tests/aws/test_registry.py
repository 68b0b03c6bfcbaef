"""The registry: every patch has a source and a test that proves it."""

import ast
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from emulator.aws import patches, registry
from emulator.aws.registry import Patch
from emulator.aws.server import serve

pytestmark = pytest.mark.emulator

_TESTS = Path(__file__).parent / "patches"


@cache
def _patches() -> list[Patch]:
    return list(registry.load().values())


@cache
def _tests_in(module: str) -> list[str]:
    tree = ast.parse((_TESTS / f"{module}.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in functions if name.startswith("test_")]


def _modules_with_patches() -> set[str]:
    folder = Path(patches.__path__[0])
    return {
        ".".join(path.relative_to(folder).with_suffix("").parts)
        for path in folder.rglob("*.py")
        if "@patch_" in path.read_text(encoding="utf-8")
    }


def test_a_patch_names_an_existing_test() -> None:
    missing = {
        patch.name: patch.test
        for patch in _patches()
        for module, _, function in [patch.test.partition("::")]
        if function not in _tests_in(module)
    }
    assert missing == {}


def test_a_patch_describes_moto_and_aws_in_one_line_each() -> None:
    incomplete = {
        patch.name: (patch.moto_behaviour, patch.aws, patch.source)
        for patch in _patches()
        if len(patch.moto_behaviour.split()) < 2
        or len(patch.source.split()) < 2
        or patch.aws in ("", patch.moto_behaviour)
        or "\n" in patch.moto_behaviour + patch.aws + patch.source
    }
    assert incomplete == {}


def test_the_name_of_a_patchs_test_is_a_sentence() -> None:
    words = {patch.name: patch.test.partition("::test_")[2].split("_") for patch in _patches()}
    assert {
        name: found
        for name, found in words.items()
        if len(found) < 5 or not all(word.isalnum() for word in found)
    } == {}


def test_every_module_with_patches_is_loaded_and_has_its_own_tests() -> None:
    assert _modules_with_patches() == set(registry.MODULES)
    named = {patch.test.partition("::")[0] for patch in _patches()}
    expected = {module.replace(".", "/test_") for module in registry.MODULES}
    assert named == expected


def test_a_patched_operation_exists_in_the_services_model() -> None:
    session: Any = get_session()
    operations = {
        (patch.name, *operation.split(":"))
        for patch in _patches()
        for operation in patch.operations
    }
    models = {service: session.get_service_model(service) for _, service, _ in operations}
    assert {
        (patch, service, name)
        for patch, service, name in operations
        if name not in models[service].operation_names
    } == set()


def test_two_patches_of_one_name_are_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "REGISTRY", {})
    register: Callable[[Callable[[], None]], object] = registry.patch_classes(
        moto_behaviour="a bug", aws="what AWS does", source="a page", test="module::function"
    )

    def twice() -> None:
        raise AssertionError("registering does not apply a patch")

    register(twice)
    with pytest.raises(ValueError, match=r"^two patches are named twice$"):
        register(twice)


def test_another_moto_version_is_rejected_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(_: str) -> str:
        return "5.2.6"

    monkeypatch.setattr(registry, "version", version)
    with pytest.raises(registry.MotoVersionError) as caught, serve():
        pytest.fail("the server is running")
    assert str(caught.value) == (
        "moto 5.2.6 is installed, but the emulator's patches were tested with 5.2.5: set "
        "PINNED_MOTO in emulator/aws/registry.py to 5.2.6, run `pytest emulator/tests/aws`, and "
        "keep the new version if the tests pass"
    )
