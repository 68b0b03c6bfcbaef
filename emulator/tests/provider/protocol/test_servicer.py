"""The engine's requests to a provider, and its answers."""

import json
from typing import Any, NoReturn, cast

import grpc
import pytest
from google.protobuf import any_pb2, empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, status_pb2

from emulator.provider.protocol.properties import (
    UNKNOWN,
    Properties,
    SecretValue,
    decode,
    encode,
)
from emulator.provider.protocol.schema import schema_of
from emulator.provider.protocol.servicer import ProviderServicer
from emulator.tests.provider.protocol.boxes import Box, Crate, Warehouse

Diff = provider_pb2.DiffResponse
REJECTED = grpc.StatusCode.FAILED_PRECONDITION
STORED = {"name": "mine", "size": 2, "colour": "brown", "place": "shelf"}


class Context:
    """A gRPC context that keeps the statuses with which requests end."""

    def __init__(self) -> None:
        self.statuses: list[tuple[grpc.StatusCode, str]] = []
        self.metadata: dict[str, bytes] = {}

    def set_trailing_metadata(self, metadata: tuple[tuple[str, bytes], ...]) -> None:
        self.metadata = dict(metadata)

    def abort(self, code: grpc.StatusCode, message: str) -> NoReturn:
        self.statuses.append((code, message))
        # As gRPC does.
        raise Exception


class Engine:
    """Calls a warehouse, with one box in it, as the engine does."""

    def __init__(self) -> None:
        self.provider = Warehouse()
        self.provider.store["mine"] = dict(STORED)
        self.servicer = ProviderServicer(self.provider)
        self.context = Context()

    def call(self, method: str, request: Any) -> Any:
        return getattr(self.servicer, method)(request, cast("grpc.ServicerContext", self.context))

    def ended(self, method: str, request: Any) -> list[tuple[grpc.StatusCode, str]]:
        """Return the statuses with which a rejected request ends."""
        with pytest.raises(Exception, match=r"^$"):
            self.call(method, request)
        return self.context.statuses


@pytest.fixture
def engine() -> Engine:
    return Engine()


def check(news: Properties, olds: Properties | None = None, kind: str = Box.token) -> Any:
    return provider_pb2.CheckRequest(
        type=kind, name="new", news=encode(news), olds=encode(olds or {}), randomSeed=b"\x01" * 32
    )


def diff(old: Properties, new: Properties, state: Properties | None = None, **more: Any) -> Any:
    return provider_pb2.DiffRequest(
        id="mine",
        type=more.pop("type", Box.token),
        olds=encode(state or {}),
        old_inputs=encode(old),
        news=encode(new),
        **more,
    )


def create(preview: bool = False, **inputs: Any) -> Any:
    return provider_pb2.CreateRequest(type=Box.token, properties=encode(inputs), preview=preview)


def update(new: Properties, state: Properties, *, preview: bool = False) -> Any:
    return provider_pb2.UpdateRequest(
        id=state["name"],
        type=Box.token,
        olds=encode(state),
        old_inputs=encode(state),
        news=encode(new),
        preview=preview,
    )


def read(box_id: str, state: Properties, inputs: Properties) -> Any:
    return provider_pb2.ReadRequest(
        id=box_id, type=Box.token, properties=encode(state), inputs=encode(inputs)
    )


def delete(box_id: str, size: object) -> Any:
    return provider_pb2.DeleteRequest(
        id=box_id, type=Box.token, properties=encode({"size": SecretValue(size)})
    )


def invoke(token: str, **arguments: Any) -> Any:
    return provider_pb2.InvokeRequest(tok=token, args=encode(arguments))


def test_the_engine_learns_version_schema_and_abilities(engine: Engine) -> None:
    handshake = engine.call("Handshake", provider_pb2.ProviderHandshakeRequest())
    assert handshake == provider_pb2.ProviderHandshakeResponse(accept_secrets=True)
    assert engine.call("GetPluginInfo", empty_pb2.Empty()).version == "1.2.3"
    schema = engine.call("GetSchema", provider_pb2.GetSchemaRequest()).schema
    assert json.loads(schema) == schema_of("test", engine.provider)
    request = provider_pb2.ConfigureRequest(args=encode({"address": SecretValue("here")}))
    assert engine.call("Configure", request) == provider_pb2.ConfigureResponse(
        acceptSecrets=True, supportsPreview=True
    )
    assert engine.provider.address == "here"
    assert engine.call("Attach", plugin_pb2.PluginAttach(address="x")) == empty_pb2.Empty()
    assert engine.call("Cancel", empty_pb2.Empty()) == empty_pb2.Empty()


def test_any_configuration_is_accepted_and_a_change_of_it_replaces_nothing(engine: Engine) -> None:
    checked = engine.call("CheckConfig", check({"address": "a"}))
    assert decode(checked.inputs) == {"address": "a"}
    same = diff({"address": SecretValue("a")}, {"address": "a"})
    assert engine.call("DiffConfig", same) == Diff(changes=Diff.DIFF_NONE)
    other = diff({"address": "a", "b": 1, "c": 2}, {"address": "b", "c": 2, "a": 1})
    assert engine.call("DiffConfig", other) == Diff(
        changes=Diff.DIFF_SOME, diffs=["a", "address", "b"]
    )


def test_inputs_are_completed_and_failures_are_reported(engine: Engine) -> None:
    checked = engine.call("Check", check({"lid": SecretValue(True)}))
    assert decode(checked.inputs) == {
        "lid": SecretValue(True),
        "colour": "brown",
        "name": "new-0101010",
        "__defaults": ["colour", "name"],
    }
    assert [(each.property, each.reason) for each in checked.failures] == [
        ("lid", "the emulated provider does not support lid of test:index/box:Box"),
        ("size", "size is required"),
    ]
    again = engine.call("Check", check({"size": 1}, olds={"name": "old"}))
    assert (decode(again.inputs)["name"], list(again.failures)) == ("old", [])


UPDATE, DELETE = provider_pb2.PropertyDiff.UPDATE, provider_pb2.PropertyDiff.DELETE
REPLACE = provider_pb2.PropertyDiff.UPDATE_REPLACE


def detail(**kinds: Any) -> dict[str, provider_pb2.PropertyDiff]:
    return {
        key: provider_pb2.PropertyDiff(kind=kind, inputDiff=True) for key, kind in kinds.items()
    }


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (diff({"size": 1}, {"size": 1}), Diff(changes=Diff.DIFF_NONE)),
        (
            diff({"size": 1, "owner": "a"}, {"size": SecretValue(2)}),
            Diff(
                changes=Diff.DIFF_SOME,
                diffs=["owner", "size"],
                detailedDiff=detail(owner=DELETE, size=UPDATE),
            ),
        ),
        (
            diff({"name": "a"}, {"name": "b"}),
            Diff(
                changes=Diff.DIFF_SOME,
                diffs=["name"],
                replaces=["name"],
                deleteBeforeReplace=True,
                detailedDiff=detail(name=REPLACE),
            ),
        ),
        (
            diff({"name": "a"}, {"name": "b", "__defaults": ["name"]}),
            Diff(
                changes=Diff.DIFF_SOME,
                diffs=["name"],
                replaces=["name"],
                detailedDiff=detail(name=REPLACE),
            ),
        ),
        (
            diff({"name": "a", "rules": {"x.y": 1}}, {"name": "a", "rules": {"x.y": 2}}),
            Diff(
                changes=Diff.DIFF_SOME,
                diffs=["rules"],
                detailedDiff={'rules["x.y"]': detail(x=UPDATE)["x"]},
            ),
        ),
        (
            diff({"size": 1, "owner": "a"}, {"size": 2, "owner": "b"}, ignoreChanges=["size"]),
            Diff(changes=Diff.DIFF_SOME, diffs=["owner"], detailedDiff=detail(owner=UPDATE)),
        ),
        (
            diff({"size": 1}, {"size": 1}, {"size": SecretValue(3)}),
            Diff(changes=Diff.DIFF_SOME, diffs=["size"], detailedDiff=detail(size=UPDATE)),
        ),
        (
            diff({"size": 1}, {"size": 2, "content": "x"}, type=Crate.token),
            Diff(
                changes=Diff.DIFF_SOME,
                diffs=["content", "size"],
                replaces=["size"],
                detailedDiff=detail(content=provider_pb2.PropertyDiff.ADD, size=REPLACE),
            ),
        ),
    ],
    ids=[
        *("equal", "changed", "replaced", "replaced under another name", "a key with a dot"),
        *("ignored", "different in the state", "replaced under a condition"),
    ],
)
def test_a_difference_names_properties_and_kinds(
    engine: Engine, request_: provider_pb2.DiffRequest, expected: provider_pb2.DiffResponse
) -> None:
    expected.hasDetailedDiff = True
    assert engine.call("Diff", request_) == expected


def test_a_configuration_has_no_detailed_difference(engine: Engine) -> None:
    assert not engine.call("DiffConfig", diff({}, {"address": "a"})).hasDetailedDiff


def test_a_created_resource_has_the_state_that_is_read(engine: Engine) -> None:
    request = create(name="new", size=SecretValue(1), content="x", __defaults=[])
    created = engine.call("Create", request)
    assert created.id == "new"
    assert decode(created.properties) == {
        "id": "new",
        "name": "new",
        "size": SecretValue(1),
        "weight": 10,
        "place": "shelf",
        "receipt": 7,
        "content": SecretValue("x"),
    }


def test_a_preview_of_a_creation_creates_nothing(engine: Engine) -> None:
    created = engine.call("Create", create(preview=True, name="new", size=1))
    assert created.id == ""
    assert decode(created.properties) == {
        "name": "new",
        "size": 1,
        "place": UNKNOWN,
        "weight": UNKNOWN,
    }
    assert engine.provider.store.keys() == {"mine"}


def test_an_update_changes_what_differs_and_reads_the_state(engine: Engine) -> None:
    state = STORED | {"id": "mine", "weight": SecretValue(20), "owner": "a", "content": "x"}
    new = {"name": "mine", "size": SecretValue(3), "colour": "brown", "content": "x"}
    updated = engine.call("Update", update(new, state))
    assert decode(updated.properties) == {
        "id": "mine",
        "name": "mine",
        "size": SecretValue(3),
        "colour": "brown",
        "place": "shelf",
        "weight": 30,
        "receipt": 20,
        "content": SecretValue("x"),
    }
    assert engine.provider.store["mine"] == STORED | {"size": 3, "owner": None}


def test_a_preview_of_an_update_changes_nothing(engine: Engine) -> None:
    updated = engine.call(
        "Update", update({"name": "mine", "size": 3}, STORED | {"weight": 20}, preview=True)
    )
    assert decode(updated.properties) == {
        "name": "mine",
        "size": 3,
        "place": "shelf",
        "weight": UNKNOWN,
    }
    assert engine.provider.store["mine"] == STORED


def test_a_read_finds_drift_and_keeps_secrets_and_spelling(engine: Engine) -> None:
    engine.provider.store["mine"] |= {"owner": "ann", "size": 3}
    inputs = {"name": "mine", "size": 2, "owner": SecretValue("Ann"), "__defaults": ["name"]}
    found = engine.call("Read", read("mine", {"weight": SecretValue(20), "receipt": 7}, inputs))
    assert found.id == "mine"
    assert decode(found.inputs) == {
        "name": "mine",
        "size": 3,
        "colour": "brown",
        "owner": SecretValue("Ann"),
        "__defaults": ["name"],
    }
    assert decode(found.properties) == {
        "id": "mine",
        "name": "mine",
        "size": 3,
        "colour": "brown",
        "owner": "Ann",
        "place": "shelf",
        "weight": SecretValue(30),
        "receipt": 7,
    }


def test_a_read_of_what_does_not_exist_answers_nothing(engine: Engine) -> None:
    assert engine.call("Read", read("other", {}, {})) == provider_pb2.ReadResponse()


def test_an_import_reads_what_the_service_chose(engine: Engine) -> None:
    found = engine.call("Read", read("mine", {}, {}))
    assert decode(found.inputs) == STORED | {"__defaults": []}


def test_a_deleted_resource_is_gone(engine: Engine) -> None:
    assert engine.call("Delete", delete("mine", 2)) == empty_pb2.Empty()
    assert engine.provider.store == {}


def result(response: provider_pb2.InvokeResponse) -> Properties:
    return decode(getattr(response, "return"))


def test_the_result_of_a_call_is_unknown_if_an_argument_is(engine: Engine) -> None:
    answer = engine.call("Invoke", invoke("test:index:half", number=SecretValue(7)))
    assert result(answer) == {"half": 3}
    assert result(engine.call("Invoke", invoke("test:index:half", number=[UNKNOWN]))) == {}


@pytest.mark.parametrize(
    ("method", "request_", "status"),
    [
        ("Configure", provider_pb2.ConfigureRequest(), (REJECTED, "an address is required")),
        ("Create", create(name="new", size=101), (REJECTED, "the box is too large")),
        (
            "Create",
            create(name="new", size=1, colour="gone"),
            (REJECTED, "test:index/box:Box new does not exist after its creation"),
        ),
        (
            "Update",
            update({"name": "mine", "size": 3, "colour": "gone"}, STORED | {"weight": 20}),
            (REJECTED, "test:index/box:Box mine does not exist after its update"),
        ),
        ("Delete", delete("mine", 51), (REJECTED, "the box is too heavy")),
        (
            "Delete",
            delete("other", 1),
            (grpc.StatusCode.INTERNAL, "the emulated provider failed: KeyError: 'other'"),
        ),
        ("Read", read("a/b", {}, {}), (REJECTED, "the id of a box has no slash")),
        (
            "Check",
            check({}, kind="test:index/bag:Bag"),
            (
                REJECTED,
                "the emulated provider does not implement the resource type test:index/bag:Bag",
            ),
        ),
        (
            "Invoke",
            invoke("test:index:double"),
            (
                REJECTED,
                "the emulated provider does not implement the function test:index:double",
            ),
        ),
        (
            "Invoke",
            invoke("test:index:half"),
            (grpc.StatusCode.INTERNAL, "the emulated provider failed: KeyError: 'number'"),
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_failed_request_ends_once_with_its_cause(
    engine: Engine, method: str, request_: Any, status: tuple[grpc.StatusCode, str]
) -> None:
    assert engine.ended(method, request_) == [status]


@pytest.mark.parametrize(
    ("inputs", "reason", "state", "recorded"),
    [
        (
            {"name": "new", "size": SecretValue(1), "place": "moon", "content": "x"},
            "the moon is too far",
            {"id": "new", "name": "new", "size": SecretValue(1), "place": "moon", "weight": 10},
            {"name": "new", "size": SecretValue(1), "place": "moon", "content": SecretValue("x")},
        ),
        ({"name": "a/b", "size": 1}, "the id of a box has no slash", {}, {}),
    ],
    ids=["readable", "not readable"],
)
def test_what_exists_of_a_failed_creation_is_returned(
    engine: Engine, inputs: Properties, reason: str, state: Properties, recorded: Properties
) -> None:
    assert engine.ended("Create", create(**inputs)) == [(grpc.StatusCode.UNKNOWN, reason)]
    status = status_pb2.Status()
    status.ParseFromString(engine.context.metadata["grpc-status-details-bin"])
    assert (status.code, status.message) == (2, reason)
    (packed,) = cast("list[any_pb2.Any]", status.details)
    partial = provider_pb2.ErrorResourceInitFailed()
    assert packed.Unpack(partial)
    assert (partial.id, list(partial.reasons)) == (inputs["name"], [reason])
    assert decode(partial.properties) == state
    assert decode(partial.inputs) == recorded | {"colour": "brown", "__defaults": []}


def test_an_interruption_is_not_an_answer(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine.provider, "invoke", interrupted)
    with pytest.raises(KeyboardInterrupt):
        engine.call("Invoke", invoke("test:index:half", number=1))
    assert engine.context.statuses == []
