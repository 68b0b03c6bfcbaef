"""Resource types as tables: the calls that they make, and what they read."""

import time
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest

from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import REGION, TAGS, AwsResource, generated_name
from emulator.provider.operations import Operations
from emulator.provider.protocol.errors import PartiallyCreatedError, RejectedError
from emulator.provider.protocol.properties import UNKNOWN, Properties, SecretValue
from emulator.provider.protocol.resource_type import Created, Naming, Property
from emulator.provider.tagging import Tagging
from emulator.tests.provider.recorder import Recorder

GONE = AwsError("ShelfNotFound", "there is no such shelf")
DENIED = AwsError("AccessDenied", "not allowed")
DESCRIBED: Properties = {
    "Name": "a",
    "Detail": {"Size": "2"},
    "Arn": "arn:a",
    "Tags": [{"Key": "team", "Value": "x"}, {"Key": "k", "Value": "v"}],
}
STATE: Properties = {"id": "a", "region": "us-east-2", "name": "a", "size": 2, "arn": "arn:a"}


class Shelf(AwsResource):
    """A shelf, with tags and a name."""

    token = "aws:test/shelf:Shelf"
    service = "shelves"
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("Name", replaces=True),
        "size": Property("Size", "Detail.Size", to_aws=str, from_aws=int),
        "colour": Property("Colour"),
        "place": Property(answer="Detail.Place"),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "Arn", "weight": ""}
    naming = Naming("name")
    operations = Operations(
        "ShelfName",
        "create_shelf",
        describe="describe_shelves",
        described="Shelves[]",
        update="modify_shelf",
        delete="delete_shelf",
    )
    tagging = Tagging("shelves", "tag_shelf", "untag_shelf", "ShelfArn")
    not_found_codes = frozenset({"ShelfNotFound"})

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        if inputs.get("colour") == "red":
            raise DENIED


class Board(Shelf):
    """A shelf without tags, name and region, whose id the service generates."""

    inputs: ClassVar[Mapping[str, Property]] = {
        "size": Property("Size", "Detail.Size"),
        "colour": Property("Colour"),
    }
    naming = None
    tagging = None
    operations = Operations(
        "BoardIds[]",
        "put_board",
        created="Board.Id",
        describe="describe_board",
        described="Board",
        puts=True,
    )


def described(**members: Any) -> dict[str, Any]:
    return {"describe_shelves": {"Shelves": [DESCRIBED | members, {"Name": "other"}]}}


def test_region_and_all_tags_are_chosen_by_aws_and_a_region_replaces() -> None:
    region, tags, everything = REGION["region"], TAGS["tags"], TAGS["tagsAll"]
    assert (region.replaces, region.computed) == (True, True)
    assert (tags.computed, everything.computed) == (False, True)
    assert region.path == tags.path == everything.path == ""


@pytest.mark.parametrize(
    ("tags", "everything"),
    [
        (None, {"team": "x"}),
        ({"k": "v", "team": "y"}, {"team": "y", "k": "v"}),
        (SecretValue({"k": "v"}), SecretValue({"team": "x", "k": "v"})),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_all_tags_are_the_default_tags_and_the_programs(tags: Any, everything: Any) -> None:
    aws = AwsConnection("http://127.0.0.1:1", "us-east-2", {"team": "x"})
    assert Shelf().complete(aws, {"tags": tags}) == {"tags": tags, "tagsAll": everything}
    assert Board().complete(aws, {"size": 1}) == {"size": 1}


def test_a_creation_sends_the_inputs_that_are_set_and_the_tags() -> None:
    aws = Recorder()
    inputs = {"name": "a", "size": 2, "colour": None, "place": "hall", "tagsAll": {"k": "v"}}
    assert Shelf().create(aws, inputs) == Created("a")
    tags = [{"Key": "k", "Value": "v"}]
    assert aws.calls == [("create_shelf", {"Name": "a", "Size": "2", "Tags": tags})]


def test_a_creation_without_tags_sends_none_and_the_service_may_make_the_id() -> None:
    aws = Recorder(put_board={"Board": {"Id": "b-1"}})
    assert Shelf().create(aws, {"name": "a", "tagsAll": {}}) == Created("a")
    assert Board().create(aws, {"size": 1, "tagsAll": {"k": "v"}}) == Created("b-1")
    assert aws.calls == [("create_shelf", {"Name": "a"}), ("put_board", {"Size": 1})]


def test_a_rejected_last_step_of_a_creation_leaves_the_resource() -> None:
    with pytest.raises(PartiallyCreatedError, match="AccessDenied: not allowed") as caught:
        Shelf().create(Recorder(), {"name": "a", "colour": "red"})
    assert caught.value.resource_id == "a"


@pytest.mark.parametrize(
    ("default_tags", "known", "own"),
    [
        ({}, {}, {"team": "x", "k": "v"}),
        ({"team": "x"}, {}, {"k": "v"}),
        ({"team": "x"}, {"tags": {"team": "x"}}, {"team": "x", "k": "v"}),
        ({"team": "y"}, {}, {"team": "x", "k": "v"}),
    ],
)
def test_a_read_returns_inputs_outputs_and_tags(
    default_tags: dict[str, str], known: Properties, own: Properties
) -> None:
    aws = Recorder(**described())
    aws.default_tags = default_tags
    tags = {"tags": own, "tagsAll": {"team": "x", "k": "v"}}
    assert Shelf().read(aws, "a", known) == STATE | tags
    assert aws.calls == [("describe_shelves", {"ShelfName": "a"})]


def test_a_type_without_region_and_tags_has_neither() -> None:
    aws = Recorder(describe_board={"Board": DESCRIBED})
    assert Board().read(aws, "a", {}) == {"id": "a", "size": "2", "arn": "arn:a"}
    assert aws.calls == [("describe_board", {"BoardIds": ["a"]})]


@pytest.mark.parametrize("answer", [GONE, {"Shelves": []}, {}])
def test_a_read_of_what_does_not_exist_is_none(answer: Properties | Exception) -> None:
    assert Shelf().read(Recorder(describe_shelves=answer), "a", {}) is None


def test_another_error_of_a_read_is_reported() -> None:
    with pytest.raises(AwsError, match="AccessDenied"):
        Shelf().read(Recorder(describe_shelves=DENIED), "a", {})


NEW = {"name": "a", "size": 3, "colour": "blue", "tagsAll": {"k": "w"}}


@pytest.mark.parametrize(
    ("changed", "calls"),
    [
        ({"size"}, [("modify_shelf", {"ShelfName": "a", "Size": "3"})]),
        ({"place"}, []),
        (
            {"tagsAll"},
            [
                ("describe_shelves", {"ShelfName": "a"}),
                ("untag_shelf", {"ShelfArn": "arn:a", "TagKeys": ["team"]}),
                ("tag_shelf", {"ShelfArn": "arn:a", "Tags": [{"Key": "k", "Value": "w"}]}),
            ],
        ),
    ],
)
def test_an_update_calls_for_what_changed(
    changed: set[str], calls: list[tuple[str, Properties]]
) -> None:
    aws = Recorder(**described())
    assert Shelf().update(aws, "a", NEW, frozenset(changed), {}) == {}
    assert aws.calls == calls


def test_a_put_sends_everything_again_unless_only_tags_changed() -> None:
    aws = Recorder()
    Board().update(aws, "a", NEW, frozenset({"size"}), {})
    assert aws.calls == [("put_board", {"Size": 3, "Colour": "blue"})]
    Board().update(aws, "a", NEW, frozenset({"tags", "tagsAll"}), {})
    assert len(aws.calls) == 1


@pytest.mark.parametrize("answer", [{}, GONE])
def test_a_deletion_of_what_does_not_exist_succeeds(answer: Properties | Exception) -> None:
    aws = Recorder(delete_shelf=answer)
    Shelf().delete(aws, "a", {})
    assert aws.calls == [("delete_shelf", {"ShelfName": "a"})]


def test_another_error_of_a_deletion_is_reported() -> None:
    with pytest.raises(AwsError, match="AccessDenied"):
        Shelf().delete(Recorder(delete_shelf=DENIED), "a", {})


def test_a_call_that_succeeds_has_its_response() -> None:
    assert Shelf().ignore_not_found(lambda: {"a": 1}) == {"a": 1}


class Clock:
    """The time, which passes while the program sleeps."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 0.0
        patch.setattr(time, "monotonic", lambda: self.now)
        patch.setattr(time, "sleep", self.pass_)

    def pass_(self, seconds: float) -> None:
        self.now += seconds


def test_a_wait_asks_four_times_a_second_until_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, aws = Clock(monkeypatch), Recorder(**described())
    with pytest.raises(RejectedError) as caught:
        Shelf().wait(aws, "a", lambda _: False, 3.0)
    assert str(caught.value) == "aws:test/shelf:Shelf a was not ready within 3 s"
    assert (clock.now, len(aws.calls)) == (3.25, 14)


def test_a_wait_ends_when_the_resource_is_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, seen = Clock(monkeypatch), list[Properties | None]()

    def is_ready(description: Properties | None) -> bool:
        seen.append(description)
        return len(seen) == 2

    Shelf().wait(Recorder(**described()), "a", is_ready, 3.0)
    assert (clock.now, seen) == (0.25, [DESCRIBED, DESCRIBED])


def test_a_wait_for_the_end_of_a_resource_sees_that_it_is_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Clock(monkeypatch)
    Shelf().wait(Recorder(describe_shelves=GONE), "a", lambda found: found is None, 3.0)
    with pytest.raises(AwsError, match="AccessDenied"):
        Shelf().wait(Recorder(describe_shelves=DENIED), "a", lambda _: False, 3.0)


def test_a_generated_name_has_26_random_characters() -> None:
    first, second = generated_name(None), generated_name("own-")
    assert (first[:3], len(first)) == ("tf-", 29)
    assert (second[:4], len(second)) == ("own-", 30)
    assert first[3:] != second[4:]
