"""The program's entry point."""

import atexit
import gc
from collections.abc import Callable

import pytest

from tools.testing.programs import run_uncached


def test_python_ends_without_searching_imported_modules_for_garbage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registered: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", registered.append)
    run_uncached("dev")
    assert gc.freeze in registered
