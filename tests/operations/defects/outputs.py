"""Defects of a stack's outputs."""

from tests.operations.defects.deployed import Defect

DEFECTS = (
    Defect(
        "a documented output is missing",
        {"outputs-complete": "readme is missing"},
        declares=lambda o: o.pop("readme"),
    ),
    Defect(
        "an output is stale",
        {"outputs-current": "readerEndpoint="},
        declares=lambda o: o.update(readerEndpoint="old.example"),
    ),
)
