"""Controls of subnet groups, cluster parameter groups and event subscriptions."""

import re

from ...pack.registry import Findings, not_applicable, resource_check
from ...reading.resources import Resource
from ...reading.values import (
    UNKNOWN,
    Unknown,
    Value,
    contains,
    describe,
    get,
    is_not_false,
    is_one_of,
    items,
    known_count,
    number,
)

TLS_FORCED_BY_DEFAULT_FROM = 17
CRITICAL_CATEGORIES = {
    "db-cluster": ("maintenance", "failure"),
    "db-instance": ("maintenance", "configuration change", "failure"),
    "db-parameter-group": ("configuration change",),
    "db-security-group": ("configuration change", "failure"),
}
MINIMUM_SUBNETS = 2
_VALUES = re.compile(r"all|ddl|mod|none|-?\d{1,10}")
"""What the judged parameters can be."""


@resource_check("rds-subnets-private")
def has_private_subnets(group: Resource) -> Findings:
    """Two subnets or more, all of them private ones."""
    count = known_count(group["subnetIds"])
    if count is not None and count < MINIMUM_SUBNETS:
        yield group.finding("subnetIds", f"{MINIMUM_SUBNETS} subnets or more")
    private = group.parameters.words("privateSubnetIds")
    for index, subnet in enumerate(items(group["subnetIds"])):
        if private and not is_one_of(subnet, private):
            required = "one of the private subnets of the policy configuration"
            yield group.finding(f"subnetIds[{index}]", required, "another subnet")


@resource_check("rds-pg-force-ssl")
def forces_tls(group: Resource) -> Findings:
    """Connections without TLS are refused."""
    major = _major_version(group)
    value = _parameter(group, "rds.force_ssl")
    if value is None and (major is UNKNOWN or major >= TLS_FORCED_BY_DEFAULT_FROM):
        return
    if value is not UNKNOWN and number(value) != 1:
        yield group.finding("parameters[rds.force_ssl]", "1", describe(value, _VALUES))


@resource_check("rds-pg-query-logging")
def logs_statements(group: Resource) -> Findings:
    """Statements are logged by kind and by duration."""
    _major_version(group)
    wanted = group.parameters.text("logStatement")
    statement = _parameter(group, "log_statement")
    if not is_one_of(statement, {wanted}):
        yield group.finding("parameters[log_statement]", wanted, describe(statement, _VALUES))
    duration = _parameter(group, "log_min_duration_statement")
    if duration is None or number(duration) == -1:
        path, found = "parameters[log_min_duration_statement]", describe(duration, _VALUES)
        yield group.finding(path, "set, and not -1", found)


@resource_check("rds-event-subscriptions")
def covers_critical_events(subscription: Resource) -> Findings:
    """An enabled subscription holds the critical categories of its source type."""
    if not is_not_false(subscription["enabled"]):
        yield subscription.finding("enabled", "true")
    categories, source = subscription["eventCategories"], subscription["sourceType"]
    wanted = CRITICAL_CATEGORIES.get(source, ()) if isinstance(source, str) else ()
    for category in wanted:
        if items(categories) and not contains(categories, category):
            yield subscription.finding("eventCategories", f"a list with {category}")


def _major_version(group: Resource) -> int | Unknown:
    family = group["family"]
    if family is UNKNOWN:
        return UNKNOWN
    match = re.fullmatch(r"aurora-postgresql(\d{1,3})", family) if isinstance(family, str) else None
    if match is None:
        not_applicable("the family is not aurora-postgresql")
    return int(match[1])


def _parameter(group: Resource, name: str) -> Value:
    """Value of a parameter; unknown when any parameter that might be it is."""
    doubtful = False
    for row in items(group["parameters"]):
        if get(row, "name") == name:
            return get(row, "value")
        doubtful = doubtful or get(row, "name") is UNKNOWN
    return UNKNOWN if doubtful else None
