"""Judgements of the group `parameters`."""

import re
from dataclasses import replace

from operations.aws.clients import Properties
from operations.checks.facts.database import DatabaseState
from operations.checks.judgement import Judgement, NotApplicableError, equal
from operations.outputs import StackOutputs

RDS_PREFIX = "rds."
"""Parameters of RDS itself, which PostgreSQL may not show."""
_LIBRARIES = "shared_preload_libraries"
_FORMULA = re.compile(
    r"\{[^{}]*(?:AllocatedStorage|DBInstanceClassMemory|DBInstanceVCPU|EndPointPort)[^{}]*\}"
    r"|(?:GREATEST|LEAST|SUM)\("
)
"""A value that RDS computes for the instance (Aurora user guide, Specifying DB parameters)."""
_BOOLEANS = {"1": "on", "0": "off", "true": "on", "false": "off", "yes": "on", "no": "off"}


def parameter_group(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The cluster uses the declared parameter group."""
    return equal(outputs.declared_state.parameter_group_name, cluster["DBClusterParameterGroup"])


def parameters_in_rds(outputs: StackOutputs, parameters: dict[str, str]) -> Judgement:
    """RDS has the declared value of every parameter."""
    return _values(outputs.declared_state.parameters, parameters)


def parameters_in_force(outputs: StackOutputs, state: DatabaseState) -> Judgement:
    """The database uses the declared value of every parameter, unless that is a formula."""
    own = {
        name: value
        for name, value in outputs.declared_state.parameters.items()
        if not name.startswith(RDS_PREFIX)
    }
    declared = {name: value for name, value in own.items() if not _FORMULA.match(value)}
    formulas = ", ".join(sorted(own.keys() - declared.keys()))
    if formulas and not declared:
        message = f"RDS computes the value of {formulas} by a formula"
        raise NotApplicableError(message)
    libraries = declared.pop(_LIBRARIES, None)
    judged = _values(declared, state.settings)
    evidence = [f"not compared, because RDS computes it: {formulas}"] if formulas else []
    if libraries is None:
        return replace(judged, evidence="; ".join(evidence))
    loaded = _plain(state.settings.get(_LIBRARIES, "")).split(",")
    # RDS preloads further libraries of its own.
    missing = [each for each in _plain(libraries).split(",") if each not in loaded]
    if missing:
        evidence.append(f"{_LIBRARIES} lacks {', '.join(missing)}")
    return replace(judged, passed=judged.passed and not missing, evidence="; ".join(evidence))


def parameters_pending(_: StackOutputs, cluster: Properties, state: DatabaseState) -> Judgement:
    """No parameter waits for a restart."""
    waiting = [
        each["DBInstanceIdentifier"]
        for each in cluster["DBClusterMembers"]
        if each.get("DBClusterParameterGroupStatus") == "pending-reboot"
    ]
    found = ", ".join([*waiting, *state.pending]) or "nothing waits for a restart"
    return equal("nothing waits for a restart", found)


def _values(declared: dict[str, str], found: dict[str, str]) -> Judgement:
    wrong = {
        name: found.get(name, "not set")
        for name, value in declared.items()
        if not _same(value, found.get(name))
    }
    expected = {name: declared[name] for name in wrong} if wrong else declared
    return equal(expected, wrong or declared)


def _same(declared: str, found: str | None) -> bool:
    if found is None:
        return False
    one, other = _plain(declared), _plain(found)
    # A value that RDS and PostgreSQL write differently: 1 and on, lists with spaces.
    return one == other or _BOOLEANS.get(one, one) == _BOOLEANS.get(other, other)


def _plain(value: str) -> str:
    return ",".join(part.strip() for part in value.lower().split(","))
