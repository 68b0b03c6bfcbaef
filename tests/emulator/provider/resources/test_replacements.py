"""The emulated provider replaces what the official one replaces, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.provider.protocol.lifecycle import diff
from emulator.provider.resources import TYPES

OFFICIAL: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("replacing_properties.yaml").read_text(encoding="utf-8")
)


def test_every_resource_type_is_listed() -> None:
    assert OFFICIAL.keys() == TYPES.keys()


@pytest.mark.parametrize("token", TYPES)
def test_a_type_replaces_what_the_official_provider_replaces(token: str) -> None:
    inputs = TYPES[token].inputs
    supported = {name for name in OFFICIAL[token]["properties"] if name in inputs}
    own = {name for name, item in inputs.items() if item.replaces and name != "region"}
    assert own == supported


@pytest.mark.parametrize(
    ("token", "name"),
    [
        (token, name)
        for token, kind in TYPES.items()
        for name, item in kind.inputs.items()
        if item.replaces
    ],
)
def test_a_change_of_it_asks_for_a_replacement(token: str, name: str) -> None:
    (change,) = diff(TYPES[token], {name: "old"}, {name: "new"})
    assert (change.path, change.kind, change.replaces) == (name, "UPDATE", True)
