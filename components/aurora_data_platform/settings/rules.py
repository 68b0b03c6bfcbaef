"""Rules of the settings: their own, the exclusions, and those of databases and users."""

from collections.abc import Callable, Iterable, Sequence

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.aurora.parameters import convert
from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.errors import ConfigIssue, duplicate_issues
from components.aurora_data_platform.settings.access_rules import ACCESS_RULES
from components.aurora_data_platform.settings.custom_endpoints import custom_endpoint_issues
from components.aurora_data_platform.settings.exclusions import EXCLUSIONS
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.validation import CrossFieldRule


def _region_has_certificates(s: SettingsFields) -> Iterable[ConfigIssue]:
    if not REGIONS[s.region].rds_root_certificates:
        known = [name for name, region in REGIONS.items() if region.rds_root_certificates]
        yield ConfigIssue(
            "region",
            s.region,
            ", ".join(known),
            "the Lambda functions verify TLS against components/database_functions/"
            "certificates.pem, which does not contain the RDS root certificates of this region",
        )


def _capacity_of_version(s: SettingsFields) -> Iterable[ConfigIssue]:
    limits = engine_versions.capacity_range(s.engine_version)
    if limits is None:
        yield ConfigIssue(
            "engineVersion",
            s.engine_version,
            "13.6 or later, 14.3 or later, 15.2 or later, 16.1 or later, any 17 or 18",
            "Aurora Serverless v2 does not support this version",
        )
        return
    for key, capacity in (
        ("auroraMinCapacity", s.aurora_min_capacity),
        ("auroraMaxCapacity", s.aurora_max_capacity),
    ):
        if not limits.minimum <= capacity <= limits.maximum:
            yield ConfigIssue(
                key,
                capacity,
                f"{limits.minimum:g} to {limits.maximum:g} ACU",
                f"not supported by Aurora PostgreSQL {s.engine_version}",
            )


def _version_exists(s: SettingsFields) -> Iterable[ConfigIssue]:
    if engine_versions.never_released(s.engine_version):
        yield ConfigIssue(
            "engineVersion",
            s.engine_version,
            f"one of {', '.join(engine_versions.CALENDAR)}, or a later minor version",
            "AWS never released this version; in YAML, an unquoted 17.10 is the number 17.1",
        )


def _parameters_are_valid(s: SettingsFields) -> Iterable[ConfigIssue]:
    return convert(s.all_parameters)[1]


def _entries_are_distinct(s: SettingsFields) -> Iterable[ConfigIssue]:
    """Reject duplicates, which would be two resources with one name."""
    yield from duplicate_issues(
        [
            ("logExports", s.log_exports),
            ("notificationEmails", s.notification_emails),
            ("notificationTopicArns", s.notification_topic_arns),
        ]
    )


def _custom_endpoints(s: SettingsFields) -> Iterable[ConfigIssue]:
    return custom_endpoint_issues(s.custom_endpoints, s.instance_count)


def _rule(check: Callable[[SettingsFields], Iterable[ConfigIssue]], *reads: str) -> CrossFieldRule:
    return CrossFieldRule(frozenset(reads), check)


RULES: Sequence[CrossFieldRule] = (
    _rule(_region_has_certificates, "region"),
    _rule(_capacity_of_version, "aurora_min_capacity", "aurora_max_capacity", "engine_version"),
    _rule(_version_exists, "engine_version"),
    _rule(_parameters_are_valid, "cluster_parameters"),
    _rule(_entries_are_distinct, "log_exports", "notification_emails", "notification_topic_arns"),
    _rule(_custom_endpoints, "custom_endpoints", "instance_count"),
    *(exclusion.rule for exclusion in EXCLUSIONS),
    *ACCESS_RULES,
)
