"""Damages of a stack's outputs."""

from tests.operations.damages.deployed import Damage

DAMAGES = (
    Damage(
        "a documented output is missing",
        {"outputs-complete": "readme is missing"},
        declares=lambda o: o.pop("readme"),
    ),
    Damage(
        "an output is stale",
        {"outputs-current": "readerEndpoint="},
        declares=lambda o: o.update(readerEndpoint="old.example"),
    ),
)
