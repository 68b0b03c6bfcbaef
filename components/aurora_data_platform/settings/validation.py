"""Validation that reports every issue at once.

pydantic skips cross-field rules as soon as one field is invalid. Here the rules still run on the
valid fields, so that one preview shows everything there is to fix.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError, create_model
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.errors import MISSING, ConfigError, ConfigIssue, unknown_name
from components.aurora_data_platform.settings.types import SettingSpec

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class CrossFieldRule:
    """A condition between settings.

    Attributes:
        reads: Fields that `check` reads; the rule is skipped while one of them is invalid.
        check: Returns the issues of the given settings.
    """

    reads: frozenset[str]
    check: Callable[[Any], Iterable[ConfigIssue]]


def validated(
    model: type[Model],
    values: Mapping[str, object],
    build: Callable[[Mapping[str, object]], Model],
    rules: Sequence[CrossFieldRule],
) -> Model:
    """Build a model from values that satisfy it and its cross-field rules.

    Args:
        model: Frozen pydantic model whose fields carry a `SettingSpec`.
        values: Values by field name or camelCase key; None counts as not set.
        build: Validates the fields one by one and builds the model.
        rules: Conditions between fields.

    Raises:
        ConfigError: Any value is invalid; the error lists every issue.
    """
    given = {key: value for key, value in values.items() if value is not None}
    names = {alias: name for name in model.model_fields for alias in (name, to_camel(name))}
    issues = [_unknown(key, given[key], model) for key in given if key not in names]
    fields = {names[key]: value for key, value in given.items() if key in names}
    built: Model | None = None
    try:
        built = draft = build(fields)
        valid = set(model.model_fields)
    except ValidationError as error:
        found = _field_issues(model, fields, error)
        issues += [issue for name in model.model_fields for issue in found.get(name, ())]
        draft, valid = _draft(model, fields, found.keys())
    for rule in rules:
        if rule.reads <= valid:
            issues += rule.check(draft)
    if issues or built is None:
        raise ConfigError(issues)
    return built


def spec_of(model: type[BaseModel], name: str) -> SettingSpec:
    """Return what a setting accepts, why, and its type in `Pulumi.yaml`."""
    extra = cast("Mapping[str, SettingSpec]", model.model_fields[name].json_schema_extra)
    return extra["spec"]


def entry_model(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of an object's entries, if they are objects themselves."""
    parts = get_args(model.model_fields[name].annotation)
    return next(
        (each for each in parts if isinstance(each, type) and issubclass(each, BaseModel)), None
    )


def object_model(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """Return the model of an object whose keys are known; None for any other type."""
    found = model.model_fields[name].annotation
    return found if isinstance(found, type) and issubclass(found, BaseModel) else None


def _field_issues(
    model: type[BaseModel], fields: Mapping[str, object], error: ValidationError
) -> dict[str, list[ConfigIssue]]:
    """Return issues by field: one for the field, or one per invalid entry of an object."""
    found: dict[str, list[ConfigIssue]] = {}
    for detail in error.errors():
        name, *path = (str(part) for part in detail["loc"])
        issues = found.setdefault(name, [])
        issue = _issue(model, name, fields.get(name, MISSING), path)
        if issue not in issues:
            issues.append(issue)
    return found


def _issue(model: type[BaseModel], name: str, value: object, path: Sequence[str]) -> ConfigIssue:
    key, spec, entries = to_camel(name), spec_of(model, name), _entries(value)
    single = object_model(model, name)
    if single is not None and path:
        return _member_issue(single, key, value, path, spec)
    if not path or path[0] not in entries:
        return ConfigIssue(key, value, spec.allowed, spec.reason)
    entry, *members = path
    key, content = f"{key}.{entry}", entries[entry]
    nested = entry_model(model, name)
    if nested is None:
        return ConfigIssue(key, content, spec.allowed, _entry_reason(content) or spec.reason)
    if members == ["[key]"]:
        return ConfigIssue(key, entry, spec.allowed, spec.reason)
    return _member_issue(nested, key, content, members, spec)


def _member_issue(
    model: type[BaseModel], key: str, content: object, path: Sequence[str], outer: SettingSpec
) -> ConfigIssue:
    """Return the issue of one member of an object, or of what is not an object."""
    inner = _entries(content)
    known = {to_camel(each): each for each in model.model_fields}
    if not path:
        allowed = f"an object with the keys {', '.join(known)}"
        return ConfigIssue(key, content, allowed, outer.reason)
    member = path[0]
    if member not in known:
        unknown = unknown_name("key", member, list(known))
        return ConfigIssue(f"{key}.{member}", inner.get(member), "", unknown)
    spec, nested = spec_of(model, known[member]), object_model(model, known[member])
    if nested is not None and len(path) > 1:
        return _member_issue(nested, f"{key}.{member}", inner.get(member), path[1:], spec)
    return ConfigIssue(f"{key}.{member}", inner.get(member, MISSING), spec.allowed, spec.reason)


def _entries(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _entry_reason(value: object) -> str:
    if isinstance(value, bool | int | float):
        return "YAML reads an unquoted number or boolean; put the value in quotes"
    if isinstance(value, dict | list):
        return "nested values are not supported; `pulumi config set --path` nests at every dot"
    return ""


def _draft(
    model: type[Model], fields: Mapping[str, object], invalid: Iterable[str]
) -> tuple[Model, set[str]]:
    """Build the settings from the valid fields, and return those fields."""
    valid = set(model.model_fields) - set(invalid)
    declared: dict[str, Any] = {
        name: (model.model_fields[name].annotation, model.model_fields[name]) for name in valid
    }
    partial = create_model(model.__name__, **declared)
    built = partial.model_validate({name: fields[name] for name in valid & fields.keys()})
    return model.model_construct(**dict(built)), valid


def _unknown(key: str, value: object, model: type[BaseModel]) -> ConfigIssue:
    known = [to_camel(name) for name in model.model_fields]
    return ConfigIssue(key, value, "", unknown_name("key", key, known))
