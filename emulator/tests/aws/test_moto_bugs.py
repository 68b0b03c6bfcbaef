"""Bugs of moto itself, each with a snippet: a bug that moto has fixed makes a test fail."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from emulator.aws import moto_bugs, registry
from emulator.aws.server import RunningServer
from emulator.tests.aws.moto_snippets import answer_of
from emulator.tests.paths import ROOT

pytestmark = pytest.mark.emulator

_ENTRIES = moto_bugs.load()
_EACH = pytest.mark.parametrize(
    ("number", "entry"), list(enumerate(_ENTRIES)), ids=[entry["patch"] for entry in _ENTRIES]
)


@pytest.fixture(scope="module")
def plain() -> list[object]:
    """Return the answers of moto in a process without patches."""
    done = subprocess.run(
        [sys.executable, "-m", "emulator.tests.aws.moto_snippets"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)


@pytest.fixture
def patched(server: RunningServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_CONFIG_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1",
    }.items():
        monkeypatch.setenv(name, value)


@_EACH
def test_plain_moto_still_has_the_bug(
    plain: list[object], number: int, entry: dict[str, Any]
) -> None:
    assert plain[number] == entry["moto"]


@_EACH
def test_the_patch_makes_the_snippet_answer_as_aws_does(
    patched: None, number: int, entry: dict[str, Any]
) -> None:
    assert entry["aws"] != entry["moto"]
    assert answer_of(entry["snippet"]) == entry["aws"]


@_EACH
def test_a_snippet_is_short_and_belongs_to_a_patch(number: int, entry: dict[str, Any]) -> None:
    assert len(entry["snippet"].splitlines()) <= 15
    assert entry["patch"] in registry.load()
