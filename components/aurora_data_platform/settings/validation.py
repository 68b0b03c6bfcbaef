"""Validation that reports every fault at once.

pydantic stops before cross-field rules when a field is wrong. Here the rules still run on the
fields that are right, so that one preview shows everything there is to mend.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError, create_model
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.errors import NOTHING, Fault, nearest

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class Rule:
    """A condition between settings.

    Attributes:
        reads: Fields that `check` reads; the rule is left out while one of them has a fault.
        check: Given the settings, the faults it finds.
    """

    reads: frozenset[str]
    check: Callable[[Any], Iterable[Fault]]


def validate(
    model: type[Model], values: Mapping[str, object], rules: Sequence[Rule]
) -> tuple[Model | None, list[Fault]]:
    """Validate values against a model and its rules.

    Args:
        model: Frozen pydantic model whose fields are declared by `setting`.
        values: By field name or camelCase key; None counts as left out.
        rules: Conditions between fields.

    Returns:
        The model and no fault, or None and at least one fault.
    """
    given = {key: value for key, value in values.items() if value is not None}
    names = {alias: name for name in model.model_fields for alias in (name, to_camel(name))}
    faults = [_unknown(key, given[key], model) for key in given if key not in names]
    fields = {names[key]: value for key, value in given.items() if key in names}
    try:
        draft = model.model_validate(fields)
        sound = set(model.model_fields)
    except ValidationError as error:
        wrong = {names[str(detail["loc"][0])] for detail in error.errors()}
        faults += [
            _fault(model, name, fields.get(name, NOTHING))
            for name in model.model_fields
            if name in wrong
        ]
        draft, sound = _draft(model, fields, wrong)
    for rule in rules:
        if rule.reads <= sound:
            faults += rule.check(draft)
    return (None, faults) if faults else (draft, faults)


def describe(model: type[BaseModel], name: str) -> dict[str, Any]:
    """What `setting` was told of a field: `allowed`, `why`, `config`."""
    return cast("dict[str, Any]", model.model_fields[name].json_schema_extra)


def _draft(
    model: type[Model], fields: Mapping[str, object], wrong: set[str]
) -> tuple[Model, set[str]]:
    """The settings as far as they are right, and which fields those are."""
    sound = set(model.model_fields) - wrong
    declared: dict[str, Any] = {
        name: (model.model_fields[name].annotation, model.model_fields[name]) for name in sound
    }
    partial = create_model(model.__name__, **declared)
    right = partial.model_validate({name: fields[name] for name in sound & fields.keys()})
    return model.model_construct(**dict(right)), sound


def _fault(model: type[BaseModel], name: str, got: object) -> Fault:
    told = describe(model, name)
    return Fault(to_camel(name), got, told["allowed"], told["why"])


def _unknown(key: str, got: object, model: type[BaseModel]) -> Fault:
    known = [to_camel(name) for name in model.model_fields]
    return Fault(key, got, nearest(key, known), "there is no such setting")
