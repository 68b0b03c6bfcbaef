"""The calls that read and change tags, and the spelling of members."""

from typing import Any

import pytest

from emulator.provider.operations import Operations, capitalized, uncapitalized
from emulator.provider.protocol.properties import Properties, SecretValue
from emulator.provider.tagging import Tagging, tags_of
from emulator.tests.provider.recorder import Recorder

LISTED = Tagging("s", "tag", "untag", "Ids[]", untag_keys="Tags", list_tags="list", listed="A.B")
PLAIN = Tagging("s", "tag", "untag", "Arn", key="", untag_keys="keys")
NAMED = Tagging("s", "tag", "untag", "Arn", key="k", value="v", tags_member="All")


@pytest.mark.parametrize(
    ("tagging", "written"),
    [
        (LISTED, [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]),
        (PLAIN, {"b": "2", "a": "1"}),
        (NAMED, [{"k": "a", "v": "1"}, {"k": "b", "v": "2"}]),
    ],
)
def test_tags_are_written_in_the_services_format(tagging: Tagging, written: object) -> None:
    assert tagging.written({"b": "2", "a": "1"}) == written


@pytest.mark.parametrize(
    ("tagging", "description", "tags", "calls"),
    [
        (LISTED, {"Tags": "not read"}, {"a": "1"}, [("list", {"Ids": ["x"]})]),
        (PLAIN, {"Tags": {"a": "1", "aws:b": "2"}}, {"a": "1"}, []),
        (NAMED, {"Tags": [{"k": "a", "v": "1"}, {"k": "aws:b", "v": "2"}]}, {"a": "1"}, []),
        (NAMED, {"Tags": None}, {}, []),
        (PLAIN, {}, {}, []),
    ],
)
def test_tags_are_read_without_those_of_aws(
    tagging: Tagging, description: Properties, tags: dict[str, str], calls: list[Any]
) -> None:
    aws = Recorder(list={"A": {"B": [{"Key": "a", "Value": "1"}, {"Key": "aws:x", "Value": ""}]}})
    assert tagging.read(aws, description, "x") == tags
    assert aws.calls == calls


OLD, NEW = {"a": "1", "b": "2", "d": "4", "c": "3"}, {"a": "1", "b": "0", "e": "5"}


@pytest.mark.parametrize(
    ("tagging", "untagged", "tagged"),
    [
        (
            LISTED,
            {"Ids": ["x"], "Tags": [{"Key": "c"}, {"Key": "d"}]},
            {"Ids": ["x"], "Tags": [{"Key": "b", "Value": "0"}, {"Key": "e", "Value": "5"}]},
        ),
        (PLAIN, {"Arn": "x", "keys": ["c", "d"]}, {"Arn": "x", "tags": {"b": "0", "e": "5"}}),
        (
            NAMED,
            {"Arn": "x", "TagKeys": ["c", "d"]},
            {"Arn": "x", "All": [{"k": "b", "v": "0"}, {"k": "e", "v": "5"}]},
        ),
    ],
)
def test_a_change_of_tags_sends_what_differs(
    tagging: Tagging, untagged: Properties, tagged: Properties
) -> None:
    aws = Recorder()
    tagging.change(aws, "x", OLD, NEW)
    assert aws.calls == [("untag", untagged), ("tag", tagged)]
    tagging.change(aws, "x", NEW, NEW)
    assert len(aws.calls) == 2


def test_functions_return_tags_of_aws_as_well() -> None:
    assert tags_of({"Tags": [{"Key": "aws:a", "Value": "1"}]}) == {"aws:a": "1"}
    assert tags_of({"Tags": None}) == tags_of({}) == {}


def test_an_id_is_one_member_or_a_list_of_one() -> None:
    assert Operations("Id", "create").named("x") == {"Id": "x"}
    assert Operations("Ids[]", "create").named("x") == {"Ids": ["x"]}
    assert Operations("Id", "create").puts is False


def test_the_keys_of_a_block_change_their_first_letter_at_every_depth() -> None:
    program = {"minCapacity": 1, "rules": [{"iD": "x", "a": SecretValue("minCapacity")}], "": 0}
    aws = {"MinCapacity": 1, "Rules": [{"ID": "x", "A": "minCapacity"}], "": 0}
    assert capitalized(program) == aws
    assert uncapitalized(aws) == {
        "minCapacity": 1,
        "rules": [{"iD": "x", "a": "minCapacity"}],
        "": 0,
    }
