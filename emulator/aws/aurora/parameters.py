"""The cluster parameters of family aurora-postgresql17 and their allowed values.

The table is data/aurora_postgresql17_parameters.csv. Names, defaults and what cannot be modified:
Aurora user guide, "Aurora PostgreSQL parameters" (its list for version 14, without what PostgreSQL
17 no longer has, with what PostgreSQL 15 to 17 added). Ranges, enumerations and what needs a
restart: `pg_settings` of PostgreSQL 17.10 (context `postmaster` is static). Exceptions are the
minimums of max_connections and maintenance_work_mem, which are RDS's, and the parameters of
extensions and of RDS itself, which are from their documentation. Parameters of Babelfish, orafce,
pg_bigm, pg_similarity, pglogical, postgis and rdkit are left out: AWS knows them, the emulated AWS
does not.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FAMILIES = ("aurora-postgresql17", "aurora-postgresql18")
"""Families with a table. Family 18 uses the table of family 17: parameters and defaults that
PostgreSQL 18 adds or changes are not emulated."""

_RANGE = re.compile(r"(-?[\d.]+(?:e[+-]\d+)?)-(-?[\d.]+(?:e[+-]\d+)?)")
_NUMBER = {"integer": re.compile(r"-?\d+"), "float": re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")}
_VARIABLES = r"DBInstanceClassMemory|DBInstanceVCPU|AllocatedStorage|EndPointPort"
_FORMULA = re.compile(
    rf"(?:(?:GREATEST|LEAST|SUM)\((?:\{{[^{{}}]*(?:{_VARIABLES})[^{{}}]*\}}|-?\d+)"
    rf"(?:,\s*(?:\{{[^{{}}]*(?:{_VARIABLES})[^{{}}]*\}}|-?\d+))*\)"
    rf"|\{{[^{{}}]*(?:{_VARIABLES})[^{{}}]*\}})"
)


@dataclass(frozen=True)
class FamilyParameter:
    """One parameter of the family.

    Attributes:
        name: In lower case.
        apply_type: `static` or `dynamic`.
        data_type: `boolean`, `integer`, `float`, `string` or `list`.
        allowed_values: A range `low-high`, a comma-separated list, or empty for any text.
        modifiable: Whether it can be changed.
        default: The family's default; None if the engine's default applies.
    """

    name: str
    apply_type: str
    data_type: str
    allowed_values: str
    modifiable: bool
    default: str | None

    def allows(self, value: str) -> bool:
        """Return whether AWS accepts `value`: a formula, a number in range, or listed values."""
        if self.data_type in _NUMBER:
            return is_formula(value) or self._is_in_range(value)
        if not self.allowed_values:
            return True
        allowed = self.allowed_values.split(",")
        values = value.split(",") if self.data_type == "list" else [value]
        return all(item in allowed for item in values)

    def _is_in_range(self, value: str) -> bool:
        limits = _RANGE.fullmatch(self.allowed_values)
        if limits is None:
            message = f"{self.name} has no range: {self.allowed_values!r}"
            raise ValueError(message)
        if not _NUMBER[self.data_type].fullmatch(value):
            return False
        return float(limits[1]) <= float(value) <= float(limits[2])


def is_formula(value: str) -> bool:
    """Return whether RDS computes the value from the instance's class."""
    return bool(_FORMULA.fullmatch(value))


@cache
def table() -> Mapping[str, FamilyParameter]:
    """Return every parameter by its name, in alphabetical order."""
    text = (
        files("emulator.aws.aurora") / "data" / "aurora_postgresql17_parameters.csv"
    ).read_text()
    return {
        row["name"]: FamilyParameter(
            name=row["name"],
            apply_type=row["apply_type"],
            data_type=row["data_type"],
            allowed_values=row["allowed_values"],
            modifiable=row["modifiable"] == "true",
            default=row["default"] or None,
        )
        for row in csv.DictReader(text.splitlines())
    }
