"""The random provider: RandomPassword and RandomId.

Every change of an input replaces the value, as with the official provider. `bcryptHash` is not
supported.
"""
# ruff: noqa: ARG002 - values that exist only in state need no session

import base64
import secrets as entropy
import string
from collections.abc import Mapping
from importlib.metadata import version
from typing import ClassVar

from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.resource_type import Created, Property, ResourceType
from emulator.provider.protocol.servicer import serve

SPECIAL = "!@#$%&*()-_=+[]{}<>:?"
"""The official provider's special characters."""


class Random(ResourceType[None]):
    """A value that exists only in state."""

    def generate(self, inputs: Properties) -> Properties:
        """Return the values of one resource, including `id`."""
        raise NotImplementedError

    def create(self, session: None, inputs: Properties) -> Created:
        """Generate the values, which only the state contains."""
        generated = self.generate(inputs)
        return Created(generated["id"], generated)

    def read(self, session: None, resource_id: str, known: Properties) -> Properties | None:
        """Return the state; a value outside of it cannot be imported."""
        return known or None

    def update(
        self,
        session: None,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        """Reject the update, since every change replaces the value."""
        message = f"{self.token} cannot be updated in place"
        raise RejectedError(message)

    def delete(self, session: None, resource_id: str, state: Properties) -> None:
        """Do nothing."""


class RandomPassword(Random):
    """A password with a minimum number of characters of each kind."""

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
        """Reject a length below the sum of the minimums."""
        length = inputs.get("length")
        minimums: list[int] = [
            number for kind in CHARACTERS if isinstance(number := inputs.get(f"min{kind}"), int)
        ]
        if isinstance(length, int) and length < max(1, sum(minimums)):
            return [
                (
                    "length",
                    f"length is {length}, less than the sum of the minimums, {sum(minimums)}",
                )
            ]
        return []

    def generate(self, inputs: Properties) -> Properties:
        """Choose characters, then shuffle them."""
        allowed = ""
        chosen: list[str] = []
        for kind, characters in CHARACTERS.items():
            if kind == "Special" and inputs.get("overrideSpecial"):
                characters = str(inputs["overrideSpecial"])  # noqa: PLW2901 - replaced by the program
            if inputs[kind.lower()]:
                allowed += characters
            chosen += [entropy.choice(characters) for _ in range(inputs[f"min{kind}"])]
        chosen += [entropy.choice(allowed) for _ in range(inputs["length"] - len(chosen))]
        entropy.SystemRandom().shuffle(chosen)
        return {"id": "none", "result": "".join(chosen)}


class RandomId(Random):
    """Random bytes in several encodings."""

    token = "random:index/randomId:RandomId"  # noqa: S105 - a type's name
    inputs: ClassVar[Mapping[str, Property]] = {
        "keepers": Property(replaces=True, write_only=True),
        "byteLength": Property(replaces=True, write_only=True, required=True),
        "prefix": Property(replaces=True, write_only=True),
    }
    outputs: ClassVar[Mapping[str, str]] = {"b64Std": "", "b64Url": "", "dec": "", "hex": ""}

    def generate(self, inputs: Properties) -> Properties:
        """Generate the bytes; the id is their URL-safe base64 without prefix."""
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


class RandomProvider(Provider[None]):
    """The random provider."""

    types: ClassVar[Mapping[str, ResourceType[None]]] = {
        kind.token: kind() for kind in (RandomPassword, RandomId)
    }

    def __init__(self) -> None:
        self.version = version("pulumi-random")

    def session(self, properties: Properties) -> None:
        """Return None: no service is involved."""


def main() -> None:
    """Serve as a plugin."""
    serve(RandomProvider())
