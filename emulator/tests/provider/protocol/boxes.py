"""A small provider, whose boxes exist in memory only."""

from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider.protocol.comparisons import (
    never_differs,
    same_json,
    same_members,
    same_text_any_case,
)
from emulator.provider.protocol.errors import PartiallyCreatedError, RejectedError
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.resource_type import Created, Naming, Property, ResourceType

Store = dict[str, Properties]


class Box(ResourceType[Store]):
    """A box; it chooses its place, weighs ten times its size, and hides its content."""

    token = "test:index/box:Box"
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property(replaces=True),
        "size": Property(required=True),
        "colour": Property(default="brown"),
        "content": Property(write_only=True),
        "place": Property(computed=True),
        "labels": Property(empty=[], same=same_members),
        "rules": Property(same=same_json),
        "owner": Property(same=same_text_any_case),
        "remark": Property(same=never_differs),
    }
    outputs: ClassVar[Mapping[str, str]] = {"weight": "Weight"}
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {"size": ("weight",)}
    secrets: ClassVar[frozenset[str]] = frozenset({"content"})
    naming = Naming("name")

    def create(self, session: Store, inputs: Properties) -> Created:
        if inputs["size"] > 100:
            raise RejectedError("the box is too large")
        session[inputs["name"]] = self.stored(inputs)
        if inputs.get("place") == "moon":
            raise PartiallyCreatedError(inputs["name"], RejectedError("the moon is too far"))
        return Created(inputs["name"], {"receipt": 7})

    def read(self, session: Store, resource_id: str, known: Properties) -> Properties | None:
        if "/" in resource_id:
            raise RejectedError("the id of a box has no slash")
        if known.get("colour") == "gone":
            return None
        stored = session.get(resource_id)
        receipt = {"receipt": known["receipt"]} if "receipt" in known else {}
        return stored and {"id": resource_id, "weight": stored["size"] * 10, **stored, **receipt}

    def update(
        self,
        session: Store,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        session[resource_id] |= {key: inputs[key] for key in changed if key != "content"}
        return {"receipt": state["weight"]}

    def delete(self, session: Store, resource_id: str, state: Properties) -> None:
        if state["size"] > 50:
            raise RejectedError("the box is too heavy")
        del session[resource_id]

    def stored(self, inputs: Properties) -> Properties:
        return {"place": "shelf"} | {
            key: value for key, value in inputs.items() if key in self.inputs and key != "content"
        }


class Crate(Box):
    """A box whose name must be given, whose size is fixed while it is full."""

    token = "test:index/crate:Crate"
    inputs: ClassVar[Mapping[str, Property]] = {
        **Box.inputs,
        "name": Property(replaces=True, required=True),
        "namePrefix": Property(),
    }
    naming = Naming("name", prefix="namePrefix", stem="crate-")

    def replaces_if(self, name: str, inputs: Properties) -> bool:
        return name == "size" and "content" in inputs

    def failures(self, inputs: Properties) -> list[tuple[str, str]]:
        return [("size", "a crate has a size")] if inputs.get("size") == 0 else []


class Warehouse(Provider[Store]):
    """A provider of boxes."""

    version = "1.2.3"
    types: ClassVar[Mapping[str, ResourceType[Any]]] = {
        each.token: each for each in (Box(), Crate())
    }
    settings: ClassVar[tuple[str, ...]] = ("address",)

    def __init__(self) -> None:
        self.store: Store = {}
        self.address = ""

    def configure(self, config: Properties) -> None:
        if not config.get("address"):
            raise RejectedError("an address is required")
        self.address = config["address"]

    def session(self, properties: Properties) -> Store:
        return self.store

    def invoke(self, token: str, arguments: Properties) -> Properties:
        if token == "test:index:half":
            return {"half": arguments["number"] // 2, "rest": None}
        return super().invoke(token, arguments)

    def deletes_before_replacing(self, token: str, program_inputs: frozenset[str]) -> bool:
        return "name" in program_inputs
