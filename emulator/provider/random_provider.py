"""The random provider: RandomPassword and RandomId, made by `secrets`.

Every change of an input replaces the value, as with the official provider. `bcryptHash` is not
computed: nothing here uses it.
"""
# ruff: noqa: ARG002 - a value that nobody else keeps needs no session

import base64
import secrets as entropy
import string
from collections.abc import Mapping
from importlib.metadata import version
from typing import ClassVar

from emulator.provider.properties import Properties
from emulator.provider.resource_type import Created, Property, ResourceType
from emulator.provider.servicer import Package, RefusedError, serve

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The official provider's special characters."""


class Random(ResourceType[None]):
    """A value that exists in state only: reading gives what is known, deleting does nothing."""

    def make(self, inputs: Properties) -> Properties:
        """Make the values of one resource, `id` included."""
        raise NotImplementedError

    def create(self, session: None, inputs: Properties) -> Created:
        """Make a value; nobody but its state knows it."""
        made = self.make(inputs)
        return Created(made["id"], made)

    def read(self, session: None, resource_id: str, known: Properties) -> Properties | None:
        """Give back what state knows; what state does not know cannot be imported."""
        return known or None

    def update(
        self, session: None, resource_id: str, inputs: Properties, changed: frozenset[str]
    ) -> None:
        """Refuse: every change replaces."""
        message = f"{self.token} cannot change in place"
        raise RefusedError(message)

    def delete(self, session: None, resource_id: str, state: Properties) -> None:
        """Do nothing."""


class RandomPassword(Random):
    """A password with a given number of characters of each kind."""

    token = "random:index/randomPassword:RandomPassword"  # noqa: S105 - a type's name
    inputs: ClassVar[Mapping[str, Property]] = {
        "keepers": Property(replaces=True, write_only=True),
        "length": Property(replaces=True, write_only=True, required=True),
        "lower": Property(replaces=True, write_only=True, default=True),
        "upper": Property(replaces=True, write_only=True, default=True),
        "numeric": Property(replaces=True, write_only=True, default=True),
        "special": Property(replaces=True, write_only=True, default=True),
        "overrideSpecial": Property(replaces=True, write_only=True),
        "minLower": Property(replaces=True, write_only=True, default=0),
        "minUpper": Property(replaces=True, write_only=True, default=0),
        "minNumeric": Property(replaces=True, write_only=True, default=0),
        "minSpecial": Property(replaces=True, write_only=True, default=0),
    }
    outputs: ClassVar[Mapping[str, str]] = {"result": ""}
    secrets: ClassVar[frozenset[str]] = frozenset({"bcryptHash", "result"})

    def failures(self, inputs: Properties) -> list[tuple[str, str]]:
        """Find a length that the minimums do not leave."""
        length = inputs.get("length")
        minimums: list[int] = [
            number for kind in CHARACTERS if isinstance(number := inputs.get(f"min{kind}"), int)
        ]
        if isinstance(length, int) and length < max(1, sum(minimums)):
            return [("length", f"length is {length}, less than its minimums' sum {sum(minimums)}")]
        return []

    def make(self, inputs: Properties) -> Properties:
        """Choose characters, then shuffle them."""
        allowed = ""
        chosen: list[str] = []
        for kind, characters in CHARACTERS.items():
            if kind == "Special" and inputs.get("overrideSpecial"):
                characters = str(inputs["overrideSpecial"])  # noqa: PLW2901 - the program's own
            if inputs[kind.lower()]:
                allowed += characters
            chosen += [entropy.choice(characters) for _ in range(inputs[f"min{kind}"])]
        chosen += [entropy.choice(allowed) for _ in range(inputs["length"] - len(chosen))]
        entropy.SystemRandom().shuffle(chosen)
        return {"id": "none", "result": "".join(chosen)}


class RandomId(Random):
    """Random bytes in several spellings."""

    token = "random:index/randomId:RandomId"  # noqa: S105 - a type's name
    inputs: ClassVar[Mapping[str, Property]] = {
        "keepers": Property(replaces=True, write_only=True),
        "byteLength": Property(replaces=True, write_only=True, required=True),
        "prefix": Property(replaces=True, write_only=True),
    }
    outputs: ClassVar[Mapping[str, str]] = {"b64Std": "", "b64Url": "", "dec": "", "hex": ""}

    def make(self, inputs: Properties) -> Properties:
        """Draw the bytes; the id is their unprefixed URL-safe base 64."""
        drawn = entropy.token_bytes(inputs["byteLength"])
        prefix = inputs.get("prefix", "")
        url_safe = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
        return {
            "id": url_safe,
            "b64Std": prefix + base64.b64encode(drawn).decode(),
            "b64Url": prefix + url_safe,
            "dec": prefix + str(int.from_bytes(drawn, "big")),
            "hex": prefix + drawn.hex(),
        }


CHARACTERS = {
    "Lower": string.ascii_lowercase,
    "Upper": string.ascii_uppercase,
    "Numeric": string.digits,
    "Special": SPECIAL,
}


class RandomPackage(Package[None]):
    """The random provider."""

    types: ClassVar[Mapping[str, ResourceType[None]]] = {
        kind.token: kind() for kind in (RandomPassword, RandomId)
    }

    def __init__(self) -> None:
        self.version = version("pulumi-random")

    def session(self, properties: Properties) -> None:
        """Need nothing."""


def main() -> None:
    """Serve as a plugin."""
    serve(RandomPackage())
