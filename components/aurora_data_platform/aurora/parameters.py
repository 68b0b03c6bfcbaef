"""Cluster parameters, written in common units and converted to the form that RDS accepts.

RDS accepts integers in the parameter's own unit (kB, 8 kB pages, milliseconds, ...) and rejects
`4MB`; a static parameter must be applied with `pending-reboot`. The catalogue holds unit, range and
apply type of each parameter, from the Amazon Aurora User Guide (Aurora PostgreSQL parameters) and
the documentation of PostgreSQL 17 (chapter 19, Server Configuration).
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from components.aurora_data_platform.errors import ConfigIssue, unknown_name

ParameterValue = str | int | float | bool

PENDING_REBOOT = "pending-reboot"
CONFIG_KEY = "clusterParameters"
"""Configuration key of the parameters, the prefix of their issues."""

DEFAULT_PARAMETERS: Mapping[str, ParameterValue] = {
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
    "auto_explain.log_min_duration": "1s",
    "log_min_duration_statement": "1s",
    "log_statement": "ddl",
    # Utility statements contain the passwords of ALTER ROLE.
    "pg_stat_statements.track_utility": False,
    "work_mem": "4MB",
    "maintenance_work_mem": "256MB",
    "rds.force_ssl": True,
}
"""Parameters that the platform sets unless the configuration overrides them."""


class ParameterType(StrEnum):
    """Type of a parameter's value."""

    BOOLEAN = "boolean"
    ENUM = "enum"
    INTEGER = "integer"
    LIST = "list"
    REAL = "real"
    TEXT = "text"


@dataclass(frozen=True)
class ParameterSpec:
    """A row of the catalogue.

    Attributes:
        type: Type of its value.
        unit: Base unit of an integer (`kB`, `8kB`, `B`, `ms`, `s`, `min`), None for a plain count.
        minimum: Minimum, in the base unit.
        maximum: Maximum, in the base unit.
        allowed: Legal values of an enum or of a list's items.
        static: True if a change takes effect only after a restart of every instance.
        unsupported_reason: Why the platform does not set it, or None.
    """

    type: ParameterType
    unit: str | None
    minimum: float | None
    maximum: float | None
    allowed: tuple[str, ...]
    static: bool
    unsupported_reason: str | None

    @property
    def apply_method(self) -> str:
        """`pending-reboot` for a static parameter, otherwise `immediate`, as RDS requires."""
        return PENDING_REBOOT if self.static else "immediate"

    @property
    def accepts(self) -> str:
        """Accepted values, in words."""
        if self.unsupported_reason is not None:
            return "not configurable"
        if self.type is ParameterType.BOOLEAN:
            return "true or false"
        if self.type is ParameterType.TEXT:
            return "text"
        if self.type is ParameterType.ENUM:
            return "one of " + ", ".join(self.allowed)
        if self.type is ParameterType.LIST:
            return "a comma-separated list of " + ", ".join(self.allowed)
        noun = "a number" if self.type is ParameterType.REAL else "a whole number"
        span = f"{noun} from {_plain(self.minimum)} to {_plain(self.maximum)}"
        if self.unit is None:
            return span
        unit = "pages of 8 kB" if self.unit == "8kB" else self.unit
        return f"{span} {unit}, with or without a unit ({', '.join(_unit_factors(self.unit))})"


@dataclass(frozen=True)
class RdsParameter:
    """A parameter in the form that RDS accepts."""

    name: str
    value: str
    apply_method: str


_BYTES = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_MILLISECONDS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_UNITS: dict[str, tuple[dict[str, int], int]] = {
    "B": (_BYTES, 1),
    "kB": (_BYTES, 1024),
    "8kB": (_BYTES, 8192),
    "ms": (_MILLISECONDS, 1),
    "s": (_MILLISECONDS, 1000),
    "min": (_MILLISECONDS, 60_000),
}
_BOOLEANS = {
    **dict.fromkeys(("true", "on", "yes", "1"), "1"),
    **dict.fromkeys(("false", "off", "no", "0"), "0"),
}
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)
_VARIABLE = (
    r"\{(?:AllocatedStorage|DBInstanceClassMemory|DBInstanceVCPU|EndPointPort)(?:[/*]\d+)*\}"
)
_FORMULA = re.compile(rf"(?=.*\{{)(?:{_VARIABLE}|GREATEST|LEAST|SUM|[\d\s(),*/+-])+", re.ASCII)
"""RDS formulas, for example `LEAST({DBInstanceClassMemory/9531392},5000)`."""


_DATA = json.loads(Path(__file__).with_name("parameter_catalogue.json").read_text(encoding="utf-8"))


def _load() -> dict[str, ParameterSpec]:
    return {
        name: ParameterSpec(
            type=ParameterType(row["type"]),
            unit=row.get("unit"),
            minimum=row.get("minimum"),
            maximum=row.get("maximum"),
            allowed=tuple(row.get("allowed", ())),
            static=row.get("static", False),
            unsupported_reason=row.get("unsupported_reason"),
        )
        for name, row in _DATA["parameters"].items()
    }


CATALOGUE: Mapping[str, ParameterSpec] = _load()
FAMILY_DEFAULTS: Mapping[str, Mapping[str, str]] = _DATA["family_defaults"]
"""Constant defaults by parameter group family; defaults that are formulas are left out."""


def convert(
    parameters: Mapping[str, ParameterValue],
) -> tuple[list[RdsParameter], list[ConfigIssue]]:
    """Convert parameters from common units to the form that RDS accepts.

    Args:
        parameters: Values by parameter name, in any unit that PostgreSQL understands.

    Returns:
        The converted parameters, sorted by name, and one issue per unknown or invalid parameter.
    """
    applied: list[RdsParameter] = []
    issues: list[ConfigIssue] = []
    for name, value in sorted(parameters.items()):
        parameter = CATALOGUE.get(name)
        if parameter is None:
            issues.append(
                ConfigIssue(
                    f"{CONFIG_KEY}.{name}",
                    value,
                    "",
                    unknown_name("parameter", name, CATALOGUE),
                )
            )
            continue
        try:
            text = _convert(parameter, value)
        except ValueError as error:
            issues.append(ConfigIssue(f"{CONFIG_KEY}.{name}", value, parameter.accepts, str(error)))
        else:
            applied.append(RdsParameter(name, text, parameter.apply_method))
    return applied, issues


def group_entries(parameters: Sequence[RdsParameter], family: str) -> list[RdsParameter]:
    """Return the entries of a parameter group, such that AWS reports them back unchanged.

    AWS does not register a parameter that is set to its default: its source stays `system` and its
    apply method `pending-reboot`, and the provider would report a difference on every deployment
    (SDK documentation of rds.ParameterGroup, "Problematic Configuration";
    terraform-provider-aws#23335). So a parameter equal to its family's default is left out; one
    that returns to its default is then reset, with the apply method it had. For a family without
    known defaults, a value that is the default of the newest known family is sent with
    `pending-reboot`, which AWS reports back in both cases.
    """
    defaults = FAMILY_DEFAULTS.get(family)
    if defaults is not None:
        return [each for each in parameters if defaults.get(each.name) != each.value]
    likely = FAMILY_DEFAULTS[max(FAMILY_DEFAULTS)]
    return [
        replace(each, apply_method=PENDING_REBOOT) if likely.get(each.name) == each.value else each
        for each in parameters
    ]


def _convert(parameter: ParameterSpec, value: ParameterValue) -> str:
    if parameter.unsupported_reason is not None:
        raise ValueError(parameter.unsupported_reason)
    text = str(value).strip()
    if parameter.type is ParameterType.BOOLEAN:
        return _boolean(text)
    if isinstance(value, bool):
        msg = "booleans are not accepted"
        raise ValueError(msg)
    if parameter.type is ParameterType.TEXT:
        return text
    if parameter.type is ParameterType.ENUM:
        return _words([text], parameter)
    if parameter.type is ParameterType.LIST:
        return _words([word.strip() for word in text.split(",")], parameter)
    if parameter.type is ParameterType.INTEGER and _FORMULA.fullmatch(text):
        return text
    return _number(text, parameter)


def _boolean(text: str) -> str:
    if text.lower() not in _BOOLEANS:
        msg = "not a boolean"
        raise ValueError(msg)
    return _BOOLEANS[text.lower()]


def _words(words: list[str], parameter: ParameterSpec) -> str:
    unknown = [word for word in words if word not in parameter.allowed]
    if unknown:
        msg = f"unknown value {', '.join(map(repr, unknown))}"
        raise ValueError(msg)
    if len(set(words)) < len(words):
        msg = "duplicate value"
        raise ValueError(msg)
    return ",".join(words)


def _number(text: str, parameter: ParameterSpec) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        msg = "not a number"
        raise ValueError(msg)
    number = Fraction(match[1])
    if match[2]:
        factors = _unit_factors(parameter.unit) if parameter.unit else {}
        if match[2] not in factors:
            msg = f"{match[2]!r} is not a unit of this parameter (units are case-sensitive)"
            raise ValueError(msg)
        number *= factors[match[2]]
    if parameter.type is ParameterType.INTEGER and number.denominator != 1:
        msg = f"not a whole number of {parameter.unit or 'units'}"
        raise ValueError(msg)
    if (parameter.minimum is not None and number < Fraction(parameter.minimum)) or (
        parameter.maximum is not None and number > Fraction(parameter.maximum)
    ):
        msg = "out of range"
        raise ValueError(msg)
    return _plain(float(number))


def _unit_factors(unit: str) -> dict[str, Fraction]:
    table, base = _UNITS[unit]
    return {name: Fraction(factor, base) for name, factor in table.items()}


def _plain(number: float | None) -> str:
    return "any" if number is None else f"{number:.15g}"
