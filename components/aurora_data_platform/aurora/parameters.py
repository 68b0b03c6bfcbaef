"""Cluster parameters in the units people use, turned into what RDS takes.

RDS takes strings of integers in the parameter's own unit (kB, 8 kB pages, milliseconds, ...) and
refuses `4MB`; a static parameter must be applied with `pending-reboot`. The catalogue knows unit,
range and apply type of each parameter, from the Amazon Aurora User Guide (Aurora PostgreSQL
parameters) and PostgreSQL 17's documentation (chapter 19, Server Configuration).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from pathlib import Path

from components.aurora_data_platform.errors import Fault, nearest

ParameterValue = str | int | float | bool

DEFAULT_PARAMETERS: Mapping[str, ParameterValue] = {
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
    "auto_explain.log_min_duration": "1s",
    "log_min_duration_statement": "1s",
    "log_statement": "ddl",
    # Utility statements carry the password texts of ALTER ROLE.
    "pg_stat_statements.track_utility": False,
    "work_mem": "4MB",
    "maintenance_work_mem": "256MB",
    "rds.force_ssl": True,
}
"""What a platform sets unless its configuration says otherwise."""


class Kind(StrEnum):
    """How a parameter's value is written."""

    BOOLEAN = "boolean"
    ENUM = "enum"
    INTEGER = "integer"
    LIST = "list"
    REAL = "real"
    TEXT = "text"


@dataclass(frozen=True)
class Parameter:
    """A row of the catalogue.

    Attributes:
        kind: How its value is written.
        unit: Base unit of an integer (`kB`, `8kB`, `B`, `ms`, `s`, `min`), None for a plain count.
        minimum: Smallest legal number, in the base unit.
        maximum: Largest legal number, in the base unit.
        allowed: Legal words of an enum or a list.
        static: True when a change needs a restart of every instance.
        refused: Why the platform does not set it, or None.
    """

    kind: Kind
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[str, ...] = ()
    static: bool = False
    refused: str | None = None

    @property
    def apply_method(self) -> str:
        """`pending-reboot` for a static parameter, else `immediate`; RDS refuses the reverse."""
        return "pending-reboot" if self.static else "immediate"

    @property
    def accepts(self) -> str:
        """What the parameter takes, in words."""
        if self.refused is not None:
            return "nothing; leave it out"
        if self.kind is Kind.BOOLEAN:
            return "true or false"
        if self.kind is Kind.TEXT:
            return "text"
        if self.kind is Kind.ENUM:
            return "one of " + ", ".join(self.allowed)
        if self.kind is Kind.LIST:
            return "a comma-separated list of " + ", ".join(self.allowed)
        noun = "a number" if self.kind is Kind.REAL else "a whole number"
        span = f"{noun} from {_plain(self.minimum)} to {_plain(self.maximum)}"
        if self.unit is None:
            return span
        unit = "pages of 8 kB" if self.unit == "8kB" else self.unit
        return f"{span} {unit}, with or without a unit ({', '.join(_unit_factors(self.unit))})"


@dataclass(frozen=True)
class AppliedParameter:
    """A parameter as RDS takes it."""

    name: str
    value: str
    apply_method: str


_BYTES = {"B": 1, "kB": 1024, "MB": 1024**2, "GB": 1024**3, "TB": 1024**4}
_MILLISECONDS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}
_UNITS: dict[str, tuple[dict[str, int], int]] = {
    "B": (_BYTES, 1),
    "kB": (_BYTES, 1024),
    "8kB": (_BYTES, 8192),
    "MB": (_BYTES, 1024**2),
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


def _load() -> dict[str, Parameter]:
    path = Path(__file__).parent / "parameter_catalogue.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["parameters"]
    return {
        name: Parameter(
            kind=Kind(row["kind"]),
            unit=row.get("unit"),
            minimum=row.get("minimum"),
            maximum=row.get("maximum"),
            allowed=tuple(row.get("allowed", ())),
            static=row.get("static", False),
            refused=row.get("refused"),
        )
        for name, row in rows.items()
    }


CATALOGUE: Mapping[str, Parameter] = _load()


def convert(
    parameters: Mapping[str, ParameterValue],
) -> tuple[list[AppliedParameter], list[Fault]]:
    """Turn parameters as written into parameters as RDS takes them.

    Args:
        parameters: Values by parameter name, in any unit that PostgreSQL understands.

    Returns:
        The converted parameters, sorted by name, and one fault per parameter that is unknown or
        out of range.
    """
    applied: list[AppliedParameter] = []
    faults: list[Fault] = []
    for name, value in sorted(parameters.items()):
        parameter = CATALOGUE.get(name)
        if parameter is None:
            faults.append(
                Fault(
                    f"parameters.{name}",
                    value,
                    nearest(name, CATALOGUE),
                    "the parameter catalogue does not know it, so neither its unit nor its apply "
                    "method is known",
                )
            )
            continue
        try:
            text = _convert(parameter, value)
        except ValueError as error:
            faults.append(Fault(f"parameters.{name}", value, parameter.accepts, str(error)))
        else:
            applied.append(AppliedParameter(name, text, parameter.apply_method))
    return applied, faults


def _convert(parameter: Parameter, value: ParameterValue) -> str:
    if parameter.refused is not None:
        raise ValueError(parameter.refused)
    text = str(value).strip()
    if parameter.kind is Kind.BOOLEAN:
        return _boolean(text)
    if isinstance(value, bool):
        msg = "a boolean says nothing here"
        raise ValueError(msg)
    if parameter.kind is Kind.TEXT:
        return text
    if parameter.kind is Kind.ENUM:
        return _words([text], parameter)
    if parameter.kind is Kind.LIST:
        return _words([word.strip() for word in text.split(",")], parameter)
    if parameter.kind is Kind.INTEGER and _FORMULA.fullmatch(text):
        return text
    return _number(text, parameter)


def _boolean(text: str) -> str:
    if text.lower() not in _BOOLEANS:
        msg = "RDS takes 0 or 1; anything else would be refused at deployment"
        raise ValueError(msg)
    return _BOOLEANS[text.lower()]


def _words(words: list[str], parameter: Parameter) -> str:
    unknown = [word for word in words if word not in parameter.allowed]
    if unknown:
        msg = f"PostgreSQL does not know {', '.join(map(repr, unknown))}"
        raise ValueError(msg)
    if len(set(words)) < len(words):
        msg = "a word stands twice"
        raise ValueError(msg)
    return ",".join(words)


def _number(text: str, parameter: Parameter) -> str:
    match = _NUMBER.fullmatch(text)
    if match is None:
        msg = "it is not a number"
        raise ValueError(msg)
    number = Fraction(match[1])
    if match[2]:
        factors = _unit_factors(parameter.unit) if parameter.unit else {}
        if match[2] not in factors:
            msg = f"{match[2]!r} is not a unit of this parameter (units are case-sensitive)"
            raise ValueError(msg)
        number *= factors[match[2]]
    if parameter.kind is Kind.INTEGER and number.denominator != 1:
        msg = f"it is not a whole number of {parameter.unit or 'units'}"
        raise ValueError(msg)
    if (parameter.minimum is not None and number < Fraction(parameter.minimum)) or (
        parameter.maximum is not None and number > Fraction(parameter.maximum)
    ):
        msg = "it is out of range"
        raise ValueError(msg)
    return str(int(number)) if number.denominator == 1 else _plain(float(number))


def _unit_factors(unit: str) -> dict[str, Fraction]:
    table, base = _UNITS[unit]
    return {name: Fraction(factor, base) for name, factor in table.items()}


def _plain(number: float | None) -> str:
    return "any" if number is None else f"{number:.10g}"
