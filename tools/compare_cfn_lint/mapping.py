"""CloudFormation's names of the platform's resource types and properties."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from tools.repository import read_yaml


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TypeMapping(_Data):
    """A resource type; `cloudformation.yaml` describes the fields."""

    type: str
    names: Mapping[str, str] = {}
    references: Mapping[str, str] = {}
    omitted: Mapping[str, str] = {}


class Member(_Data):
    """A resource that is a member of a list of its owner.

    Attributes:
        owner: Property that names the owner.
        property: The owner's list.
        names: As for a resource type.
    """

    owner: str
    property: str
    names: Mapping[str, str] = {}


class Shapes(_Data):
    """Properties whose value has another shape in CloudFormation."""

    documents: frozenset[str]
    lists: frozenset[str]
    maps: frozenset[str]
    pairs: Mapping[str, tuple[str, str]]
    parameters: frozenset[str]
    constants: Mapping[str, Mapping[str, str]]


class Names(_Data):
    """The content of `cloudformation.yaml`."""

    types: Mapping[str, TypeMapping]
    members: Mapping[str, Member]
    without_type: Mapping[str, str]
    shapes: Shapes
    parameters: Mapping[str, str]


NAMES = Names.model_validate(read_yaml(Path(__file__).with_name("cloudformation.yaml")))


def property_name(path: str, names: Mapping[str, str]) -> str:
    """Return the name of a property, whose path separates members of objects by a dot."""
    last = path.rpartition(".")[2]
    return names.get(path, last[0].upper() + last[1:])
