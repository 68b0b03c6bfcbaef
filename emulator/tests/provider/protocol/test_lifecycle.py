"""Check, diff and preview of a resource type, by a small one."""

from typing import Any

import pytest

from emulator.provider.protocol import lifecycle
from emulator.provider.protocol.lifecycle import Change
from emulator.provider.protocol.properties import UNKNOWN, Properties, SecretValue
from emulator.provider.protocol.resource_type import Property
from emulator.tests.provider.protocol.boxes import Box, Crate

BOX, CRATE = Box(), Crate()
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
    assert lifecycle.given_by_program({"size": 1}) == {"size"}
    again, _ = lifecycle.check(BOX, "mine", {"size": 2}, inputs, bytes(32))
    assert again["name"] == "mine-0001020"


OWN = {"namePrefix": "own-"}


@pytest.mark.parametrize(
    ("news", "olds", "name"),
    [
        ({}, {}, "crate-mine-0001020"),
        ({"name": "given"}, {"name": "old"}, "given"),
        ({}, {"name": "old"}, "old"),
        (OWN, {}, "own-000102030405060708090a0b0c"),
        ({"namePrefix": SecretValue("own-")}, {}, "own-000102030405060708090a0b0c"),
        (OWN, OWN | {"name": "own-1"}, "own-1"),
        (OWN, {"namePrefix": "old-", "name": "old-1"}, "own-000102030405060708090a0b0c"),
        ({}, OWN | {"name": "own-1"}, "crate-mine-0001020"),
        (OWN, OWN, "own-000102030405060708090a0b0c"),
    ],
)
def test_a_name_is_given_or_kept_or_made_of_its_prefix(
    news: Properties, olds: Properties, name: str
) -> None:
    inputs, _ = lifecycle.check(CRATE, "mine", {"size": 1, "colour": None, **news}, olds, SEED)
    assert inputs["name"] == name
    assert inputs["colour"] == "brown"


def test_the_type_itself_finds_failures_in_plain_inputs() -> None:
    _, failures = lifecycle.check(CRATE, "mine", {"name": "a", "size": SecretValue(0)}, {}, SEED)
    assert failures == [("size", "a crate has a size")]


def test_check_reports_missing_and_unsupported_properties() -> None:
    _, failures = lifecycle.check(BOX, "mine", {"lid": True}, {}, SEED)
    assert failures == [
        ("lid", "the emulated provider does not support lid of test:index/box:Box"),
        ("size", "size is required"),
    ]


DIFFERENCES: list[tuple[Properties, Properties, list[Change]]] = [
    ({"size": 1}, {"size": 1}, []),
    ({"size": 1}, {"size": 2}, [Change("size", "UPDATE", replaces=False)]),
    ({"name": "a"}, {"name": "b"}, [Change("name", "UPDATE", replaces=True)]),
    ({}, {"colour": "brown"}, []),
    ({"colour": "brown"}, {}, []),
    ({"colour": "red"}, {}, [Change("colour", "DELETE", replaces=False)]),
    ({"place": "shelf"}, {}, []),
    ({"labels": ["a", "b"]}, {"labels": ["b", "a"]}, []),
    ({}, {"labels": []}, []),
    ({}, {"size": 1}, [Change("size", "ADD", replaces=False)]),
    ({}, {"remark": "x"}, []),
    ({}, {}, []),
    ({"rules": '{"a": ["x"]}'}, {"rules": '{"a":"x"}'}, []),
    ({"owner": "Ann"}, {"owner": "ann"}, []),
    ({"size": 1}, {"size": UNKNOWN}, [Change("size", "UPDATE", replaces=False)]),
    ({}, {"name": UNKNOWN}, [Change("name", "ADD", replaces=True)]),
    ({"rules": {"a": 1}}, {"rules": "x"}, [Change("rules", "UPDATE", replaces=False)]),
    ({"rules": "x"}, {"rules": {"a": 1}}, [Change("rules", "UPDATE", replaces=False)]),
    (
        {"rules": {"a": {"b": 1, "c": 2}}},
        {"rules": {"a": {"b": 2, "c": 2}}},
        [Change("rules.a.b", "UPDATE", replaces=False)],
    ),
    (
        {"rules": {"a": 1, "b.c": 2, "d": 3}},
        {"rules": {"a": 1, "b.c": 4, "e": 5}},
        [
            Change('rules["b.c"]', "UPDATE", replaces=False),
            Change("rules.d", "DELETE", replaces=False),
            Change("rules.e", "ADD", replaces=False),
        ],
    ),
]
"""Old and new properties, and the changes between them."""


def test_a_difference_is_what_aws_would_call_one() -> None:
    found = {str((old, new)): lifecycle.diff(BOX, old, new) for old, new, _ in DIFFERENCES}
    assert found == {str((old, new)): changes for old, new, changes in DIFFERENCES}


@pytest.mark.parametrize(
    ("path", "name"), [("size", "size"), ("tags.a.b", "tags"), ('tags["a.b"]', "tags")]
)
def test_a_change_is_of_a_top_level_property(path: str, name: str) -> None:
    assert Change(path, "ADD", replaces=False).property_name == name


def test_a_condition_can_replace_a_resource() -> None:
    (change, _) = lifecycle.diff(CRATE, {"size": 1}, {"size": 2, "content": "x"})
    assert change == Change("size", "UPDATE", replaces=True)
    assert lifecycle.diff(CRATE, {"size": 1}, {"size": 2}) == [
        Change("size", "UPDATE", replaces=False)
    ]


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


def test_the_state_has_the_programs_spelling_of_what_aws_returns() -> None:
    observed = {"size": 2, "owner": "ann", "labels": ["a", "b"], "__defaults": ["size"]}
    known = {"size": 1, "owner": "Ann", "labels": ["b", "a"], "content": "x", "colour": "brown"}
    assert lifecycle.outputs_of(BOX, observed, known | {"place": "shelf"}) == {
        "size": 2,
        "owner": "Ann",
        "labels": ["b", "a"],
        "content": "x",
        "colour": "brown",
    }
    assert lifecycle.outputs_of(BOX, observed, {}) == {
        "size": 2,
        "owner": "ann",
        "labels": ["a", "b"],
    }


def test_a_value_that_the_program_does_not_set_is_drift_unless_aws_chose_it() -> None:
    observed: Properties = {
        "size": 1,
        "colour": "red",
        "owner": "ann",
        "place": "shelf",
        "labels": [],
    }
    assert lifecycle.inputs_of(BOX, observed, {"size": 1}) == {
        "size": 1,
        "colour": "red",
        "owner": "ann",
        "__defaults": [],
    }


def test_an_input_that_aws_does_not_return_is_gone() -> None:
    known = {"size": 1, "owner": "ann", "labels": [], "__defaults": ["labels"]}
    assert lifecycle.inputs_of(BOX, {"size": 1}, known) == {
        "size": 1,
        "colour": "brown",
        "labels": [],
        "__defaults": ["labels"],
    }


def test_old_inputs_are_compared_as_far_as_the_state_confirms_them() -> None:
    inputs: Properties = {"size": 1, "colour": "brown", "__defaults": []}
    assert lifecycle.recorded_inputs(BOX, {}, inputs) == inputs
    assert lifecycle.recorded_inputs(BOX, {"size": 2}, inputs) == inputs | {"size": 2}


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


@pytest.mark.parametrize(
    ("item", "path"),
    [
        *((Property("A"), "A"), (Property("A", "B[].C"), "B[].C"), (Property("A", ""), "")),
        *((Property("A", "B", write_only=True), ""), (Property(), "")),
    ],
)
def test_a_property_is_read_from_its_path(item: Property, path: str) -> None:
    assert item.path == path


def test_a_property_is_nothing_special_unless_it_says_so() -> None:
    plain = Property("A")
    assert [name for name, value in vars(plain).items() if value is True] == []
    assert (plain.to_aws("x"), plain.from_aws("x"), plain.same("x", "y")) == ("x", "x", False)


def test_a_default_and_an_empty_value_equal_leaving_a_property_out() -> None:
    item = Property("A", default="brown", empty=-1)
    left_out: list[Any] = [None, "", [], {}, "brown", -1]
    assert all(map(item.is_default, left_out))
    assert not item.is_default("red")
