import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from emulator.aws import registry
from emulator.aws.registry import Correction
from emulator.aws.server import serve

pytestmark = pytest.mark.emulator

_TESTS = Path(__file__).parent
_CORRECTIONS = list(registry.load().values())
_EACH = pytest.mark.parametrize("correction", _CORRECTIONS, ids=lambda item: item.name)


def _tests_in(module: str) -> list[str]:
    tree = ast.parse((_TESTS / f"{module}.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [name for name in functions if name.startswith("test_")]


@_EACH
def test_a_correction_names_a_test_that_exists(correction: Correction) -> None:
    module, _, function = correction.test.partition("::")
    assert function in _tests_in(module)


@_EACH
def test_a_correction_says_in_words_what_is_wrong_and_what_aws_does(
    correction: Correction,
) -> None:
    assert len(correction.fault.split()) >= 2
    assert len(correction.source.split()) >= 2
    assert correction.aws not in ("", correction.fault)
    assert "\n" not in correction.fault + correction.aws + correction.source


@_EACH
def test_the_test_of_a_correction_is_a_sentence(correction: Correction) -> None:
    words = correction.test.partition("::test_")[2].split("_")
    assert len(words) >= 5
    assert all(word.isalpha() for word in words)


def test_no_fault_is_mended_twice() -> None:
    faults = [(correction.test.partition("::")[0], correction.fault) for correction in _CORRECTIONS]
    assert sorted(set(faults)) == sorted(faults)


def test_every_module_of_corrections_is_loaded_and_tested() -> None:
    folder = Path(registry.__file__).parent / "corrections"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == set(registry.MODULES)
    named = {correction.test.partition("::")[0] for correction in _CORRECTIONS}
    assert named == {f"test_{module}" for module in modules}


@_EACH
def test_a_corrected_operation_is_one_of_aws(correction: Correction) -> None:
    session: Any = get_session()
    for operation in correction.operations:
        service, _, name = operation.partition(":")
        assert name in session.get_service_model(service).operation_names


def test_two_corrections_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "REGISTRY", {})
    register: Callable[[Callable[[], None]], object] = registry.changes_classes(
        fault="a fault", aws="what AWS does", source="a page", test="module::function"
    )

    def twice() -> None:
        raise AssertionError("registering applies nothing")

    register(twice)
    with pytest.raises(ValueError, match=r"^two corrections are called twice$"):
        register(twice)


def test_another_moto_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def version(_: str) -> str:
        return "5.2.6"

    monkeypatch.setattr(registry, "version", version)
    with pytest.raises(registry.MotoVersionError) as caught, serve():
        pytest.fail("the server runs")
    assert str(caught.value) == (
        "moto 5.2.6 is installed, but the emulator's corrections were tested with 5.2.5: run "
        "`pytest tests/emulator/aws` with PINNED_MOTO in emulator/aws/registry.py set to 5.2.6, "
        "and keep it there if the tests pass"
    )
