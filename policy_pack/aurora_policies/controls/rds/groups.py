"""Checks of subnet groups, parameter groups and event subscriptions."""

import re

from ...pack.registry import Findings, not_applicable, resource_check
from ...reading.resource_types import CLUSTER_PARAMETER_GROUP
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Unknown,
    Value,
    contains,
    describe,
    get,
    in_range,
    is_not_false,
    is_one_of,
    items,
    known_count,
)

TLS_REQUIRED_BY_DEFAULT_FROM = 17
CRITICAL_CATEGORIES = {
    "db-cluster": ("maintenance", "failure"),
    "db-instance": ("maintenance", "configuration change", "failure"),
    "db-parameter-group": ("configuration change",),
    "db-security-group": ("configuration change", "failure"),
}
MINIMUM_SUBNETS = 2
_FAMILY = re.compile(r"(?:aurora-postgresql|postgres)([0-9]{1,3})")
_VALUES = re.compile(r"all|ddl|mod|none|-?[0-9]{1,10}")
"""Possible values of the checked parameters."""


@resource_check("rds-subnets-private")
def has_private_subnets(group: Resource) -> Findings:
    """The group has at least two subnets, all of them private."""
    count = known_count(group["subnetIds"])
    if count is not None and count < MINIMUM_SUBNETS:
        yield group.finding("subnetIds", f"at least {MINIMUM_SUBNETS} subnets")
    private = group.parameters.words("privateSubnetIds")
    for index, subnet in enumerate(items(group["subnetIds"])):
        if private and not is_one_of(subnet, private):
            required = "one of the private subnets of the policy configuration"
            yield group.finding(f"subnetIds[{index}]", required, "another subnet")


@resource_check("rds-pg-force-ssl")
def requires_tls(group: Resource) -> Findings:
    """Connections without TLS are rejected."""
    major = _major_version(group)
    value = _parameter(group, "rds.force_ssl")
    is_default = isinstance(major, Unknown) or major >= TLS_REQUIRED_BY_DEFAULT_FROM
    if value is None and (is_default or group.type != CLUSTER_PARAMETER_GROUP):
        return
    if value is not UNKNOWN and not in_range(value, 1, 1):
        yield group.finding("parameters[rds.force_ssl]", "1", describe(value, _VALUES))


@resource_check("rds-pg-query-logging")
def logs_statements(group: Resource) -> Findings:
    """Statements are logged by kind and by duration."""
    _major_version(group)
    required = group.parameters.text("logStatement")
    statement = _parameter(group, "log_statement")
    duration = _parameter(group, "log_min_duration_statement")
    # An instance uses the cluster's value of a parameter that its own group does not set.
    inherits = group.type != CLUSTER_PARAMETER_GROUP
    if not (inherits and statement is None) and not is_one_of(statement, {required}):
        yield group.finding("parameters[log_statement]", required, describe(statement, _VALUES))
    if not (inherits and duration is None) and not in_range(duration, 0):
        path, found = "parameters[log_min_duration_statement]", describe(duration, _VALUES)
        yield group.finding(path, "at least 0", found)


@resource_check("rds-event-subscriptions")
def covers_critical_events(subscription: Resource) -> Findings:
    """An enabled subscription has the critical categories of its source type."""
    if not is_not_false(subscription["enabled"]):
        yield subscription.finding("enabled", "true")
    categories, source = subscription["eventCategories"], subscription["sourceType"]
    required = CRITICAL_CATEGORIES.get(source, ()) if isinstance(source, str) else ()
    for category in required:
        if items(categories) and not contains(categories, category):
            yield subscription.finding("eventCategories", f"a list with {category}")


def _major_version(group: Resource) -> int | Unknown:
    family = group["family"]
    if family is UNKNOWN:
        return UNKNOWN
    match = _FAMILY.fullmatch(family) if isinstance(family, str) else None
    if match is None:
        not_applicable("the family is not of PostgreSQL")
    return int(match[1])


def _parameter(group: Resource, name: str) -> Value:
    """Return the value of a parameter; unknown if a parameter with an unknown name may be it."""
    may_be_unknown = False
    for row in items(group["parameters"]):
        if get(row, "name") == name:
            return get(row, "value")
        may_be_unknown = may_be_unknown or row is UNKNOWN or get(row, "name") is UNKNOWN
    return UNKNOWN if may_be_unknown else None
