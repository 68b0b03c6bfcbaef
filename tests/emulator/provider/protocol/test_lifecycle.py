"""Check, diff and preview of a resource type, by a small one."""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from emulator.provider.protocol import lifecycle
from emulator.provider.protocol.comparisons import same_json, same_members, same_text_any_case
from emulator.provider.protocol.lifecycle import Change
from emulator.provider.protocol.properties import UNKNOWN, Properties, SecretValue
from emulator.provider.protocol.resource_type import Created, Naming, Property, ResourceType


class Box(ResourceType[None]):
    """A box, as an example."""

    token = "test:index:Box"
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property(replaces=True),
        "size": Property(required=True),
        "colour": Property(default="brown"),
        "content": Property(write_only=True),
        "place": Property(computed=True),
        "labels": Property(empty=[], same=same_members),
        "rules": Property(same=same_json),
        "owner": Property(same=same_text_any_case),
    }
    outputs: ClassVar[Mapping[str, str]] = {"weight": "Weight"}
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {"size": ("weight",)}
    secrets: ClassVar[frozenset[str]] = frozenset({"content"})
    naming = Naming("name")

    def create(self, session: None, inputs: Properties) -> Created:
        raise NotImplementedError

    def read(self, session: None, resource_id: str, known: Properties) -> Properties | None:
        raise NotImplementedError

    def update(
        self,
        session: None,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        raise NotImplementedError

    def delete(self, session: None, resource_id: str, state: Properties) -> None:
        raise NotImplementedError


BOX = Box()
SEED = bytes(range(32))


def test_check_fills_in_defaults_and_a_name_that_stays() -> None:
    inputs, failures = lifecycle.check(BOX, "mine", {"size": 1}, {}, SEED)
    assert failures == []
    assert inputs == {
        "name": "mine-0001020",
        "size": 1,
        "colour": "brown",
        "__defaults": ["colour", "name"],
    }
    assert lifecycle.given_by_program(inputs) == {"size"}
    again, _ = lifecycle.check(BOX, "mine", {"size": 2}, inputs, bytes(32))
    assert again["name"] == "mine-0001020"


def test_check_reports_missing_and_unsupported_properties() -> None:
    _, failures = lifecycle.check(BOX, "mine", {"lid": True}, {}, SEED)
    assert failures == [
        ("lid", "the emulated provider does not support lid of test:index:Box"),
        ("size", "size is required"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"size": 1}, {"size": 1}, []),
        ({"size": 1}, {"size": 2}, [Change("size", "UPDATE", replaces=False)]),
        ({"name": "a"}, {"name": "b"}, [Change("name", "UPDATE", replaces=True)]),
        ({}, {"colour": "brown"}, []),
        ({"colour": "brown"}, {}, []),
        ({"colour": "red"}, {}, [Change("colour", "DELETE", replaces=False)]),
        ({"place": "shelf"}, {}, []),
        ({"labels": ["a", "b"]}, {"labels": ["b", "a"]}, []),
        ({}, {"labels": []}, []),
        ({"rules": '{"a": ["x"]}'}, {"rules": '{"a":"x"}'}, []),
        ({"owner": "Ann"}, {"owner": "ann"}, []),
        ({"size": 1}, {"size": UNKNOWN}, [Change("size", "UPDATE", replaces=False)]),
        ({}, {"name": UNKNOWN}, [Change("name", "ADD", replaces=True)]),
        (
            {"rules": {"a": 1, "b.c": 2, "d": 3}},
            {"rules": {"a": 1, "b.c": 4, "e": 5}},
            [
                Change('rules["b.c"]', "UPDATE", replaces=False),
                Change("rules.d", "DELETE", replaces=False),
                Change("rules.e", "ADD", replaces=False),
            ],
        ),
    ],
)
def test_a_difference_is_what_aws_would_call_one(
    old: Properties, new: Properties, changes: list[Change]
) -> None:
    assert lifecycle.diff(BOX, old, new) == changes


def test_a_preview_of_a_new_resource_does_not_know_what_aws_decides() -> None:
    outputs = lifecycle.preview_outputs(BOX, {"size": 1, "content": "x"}, {}, frozenset({"size"}))
    assert outputs == {
        "size": 1,
        "content": SecretValue("x"),
        "place": UNKNOWN,
        "weight": UNKNOWN,
    }


def test_a_preview_of_a_change_keeps_what_the_change_does_not_touch() -> None:
    state: dict[str, Any] = {"size": 1, "place": "shelf", "weight": 7}
    kept = lifecycle.preview_outputs(BOX, {"size": 1}, state, frozenset({"colour"}))
    assert kept == {"size": 1, "place": "shelf", "weight": 7}
    volatile = lifecycle.preview_outputs(BOX, {"size": 2}, state, frozenset({"size"}))
    assert volatile == {"size": 2, "place": "shelf", "weight": UNKNOWN}


def test_what_aws_shows_otherwise_is_drift_and_what_it_spells_otherwise_is_not() -> None:
    observed = {"name": "a", "size": 2, "colour": "brown", "owner": "ann", "place": "shelf"}
    known = {"name": "a", "size": 1, "owner": "Ann", "content": "x"}
    assert lifecycle.inputs_of(BOX, observed, known) == {
        "name": "a",
        "size": 2,
        "colour": "brown",
        "owner": "Ann",
        "content": "x",
        "__defaults": [],
    }


def test_an_import_includes_the_values_that_aws_chose() -> None:
    observed: Properties = {"name": "a", "size": 2, "colour": "red", "place": "shelf", "labels": []}
    assert lifecycle.inputs_of(BOX, observed, {}) == {
        "name": "a",
        "size": 2,
        "colour": "red",
        "place": "shelf",
        "__defaults": [],
    }


def test_a_removed_property_is_sent_as_its_empty_value() -> None:
    complete = lifecycle.with_empties(BOX, {"size": 1}, frozenset({"labels", "size"}))
    assert complete == {"size": 1, "labels": []}
