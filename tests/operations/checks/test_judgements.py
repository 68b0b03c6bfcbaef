"""Judgements on facts that cannot be produced by hand: clocks, versions, trails, contents."""

import copy
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from operations.checks.facts.database import Attempt, DatabaseState
from operations.checks.judgement import Judgement, NotApplicableError, equal, same_members, text
from operations.checks.judgements import (
    backups,
    infrastructure,
    monitoring,
    parameters,
    secrets,
    security,
    users,
)
from operations.database.secret import SecretValue
from operations.outputs import StackOutputs, parse_outputs
from tests.operations.examples import OUTPUTS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
KEY = OUTPUTS["kmsKeyArn"]


def outputs(**declared: Any) -> StackOutputs:
    changed = copy.deepcopy(OUTPUTS)
    changed["declaredState"].update(declared)
    return parse_outputs(changed, "the test")


@pytest.mark.parametrize(
    ("declared", "running", "automatic", "passed"),
    [
        ("17.4", "17.4", True, True),
        ("17.4", "17.10", True, True),
        ("17.10", "17.9", True, False),
        ("17.4", "18.1", True, False),
        ("17.4", "17.5", False, False),
        ("17.4", "17.4", False, True),
    ],
)
def test_aws_may_apply_later_minor_versions_only_if_that_is_declared(
    declared: str, running: str, automatic: bool, passed: bool
) -> None:
    judged = infrastructure.engine_version(
        outputs(engineVersion=declared, autoMinorVersionUpgrade=automatic),
        {"EngineVersion": running},
    )
    assert (judged.passed, judged.found) == (passed, running)


@pytest.mark.parametrize(
    ("zones", "passed"),
    [
        (["a", "b"], True),
        (["a", "a"], False),
        (["a", "b", "c", "c"], True),
        (["a", "elsewhere"], False),
    ],
)
def test_instances_use_as_many_declared_zones_as_there_are(zones: list[str], passed: bool) -> None:
    instances = [
        {"DBInstanceIdentifier": str(number), "AvailabilityZone": zone}
        for number, zone in enumerate(zones)
    ]
    judged = infrastructure.instances_zones(outputs(availabilityZones=["a", "b", "c"]), instances)
    assert judged.passed is passed


ROLE = "arn:aws:iam::123456789012:role/dev-s3"


@pytest.mark.parametrize(
    ("rows", "passed"),
    [
        ([{"FeatureName": "s3Import", "RoleArn": ROLE, "Status": "ACTIVE"}], True),
        ([{"FeatureName": "s3Import", "RoleArn": ROLE, "Status": "INVALID"}], False),
        ([{"FeatureName": "s3Export", "RoleArn": ROLE, "Status": "ACTIVE"}], False),
        ([], False),
    ],
)
def test_a_declared_role_must_be_active_for_its_feature(
    rows: list[dict[str, str]], passed: bool
) -> None:
    declared = outputs(iamRoles={"s3Import": ROLE})
    assert security.associated_roles(declared, {"AssociatedRoles": rows}).passed is passed


def test_a_cluster_without_declared_roles_has_none() -> None:
    assert security.associated_roles(outputs(), {}).passed is True


PLAN = {"schedule": "cron(0 5 ? * * *)", "vaultName": "dev-backups", "windowHours": 25}


def recent(vault_age: float, *point_ages: float, status: str = "COMPLETED") -> Judgement:
    """Judge points and a vault of some age, in hours before noon."""
    points = [{"CreationDate": NOW - timedelta(hours=age), "Status": status} for age in point_ages]
    vault = {"CreationDate": NOW - timedelta(hours=vault_age)}
    return backups.recovery_point_recent(outputs(backupPlan=PLAN), vault, points, NOW)


@pytest.mark.parametrize(
    ("judged", "passed"),
    [
        (recent(1000, 6), True),
        (recent(1000, 31), True),
        (recent(1000, 31.1), False),
        (recent(1000, 55, 79), False),
        (recent(1000), False),
        (recent(1000, 6, status="PARTIAL"), False),
        (recent(31), False),
        (recent(30), True),
    ],
)
def test_the_last_backup_that_must_have_ended_has_a_recovery_point(
    judged: Judgement, passed: bool
) -> None:
    assert judged.passed is passed


def test_a_missing_recovery_point_is_reported_with_the_time_of_its_backup() -> None:
    assert recent(1000, 55, 79) == Judgement(
        passed=False,
        expected="of 2026-11-26 05:00 UTC or later",
        found="2026-11-25 05:00 UTC",
        evidence="schedule cron(0 5 ? * * *); 2 of 2 recovery points usable",
    )
    assert recent(1000).found == "none"


def test_without_a_backup_plan_no_recovery_point_is_expected() -> None:
    with pytest.raises(NotApplicableError, match="the stack has no backup plan"):
        backups.recovery_point_recent(outputs(), {}, [], NOW)


@pytest.mark.parametrize(
    ("cluster", "found"),
    [
        ({"StorageEncrypted": False}, "not encrypted"),
        ({"StorageEncrypted": True, "KmsKeyId": "arn:other"}, "arn:other"),
        ({"StorageEncrypted": True, "KmsKeyId": KEY}, KEY),
    ],
)
def test_storage_must_be_encrypted_with_the_platforms_key(
    cluster: dict[str, Any], found: str
) -> None:
    judged = security.storage_encrypted(outputs(), cluster)
    assert judged == Judgement(found == KEY, KEY, found)


def test_the_rotation_of_an_existing_key_is_its_owners_decision() -> None:
    with pytest.raises(NotApplicableError, match="the key is not the platform's own"):
        security.key_rotation(outputs(createsKey=False), {"KeyRotationEnabled": False})


def rule(**members: Any) -> dict[str, Any]:
    return {"IsEgress": False, "IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, **members}


@pytest.mark.parametrize(
    ("extra", "found"),
    [
        (rule(CidrIpv6="::/0"), "ingress tcp 5432 from ::/0"),
        (rule(PrefixListId="pl-1"), "ingress tcp 5432 from pl-1"),
        (rule(FromPort=0, ToPort=65535, CidrIpv4="10.0.0.0/8"), "ingress tcp 0-65535 from 10."),
        (rule(IpProtocol="-1", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0"), "ingress -1 -1 from"),
        (rule(IsEgress=True, CidrIpv4="0.0.0.0/0"), "egress tcp 5432 to 0.0.0.0/0"),
    ],
)
def test_any_further_rule_is_found(extra: dict[str, Any], found: str) -> None:
    own = OUTPUTS["securityGroupId"]
    declared = [
        *(
            rule(ReferencedGroupInfo={"GroupId": group})
            for group in (*OUTPUTS["declaredState"]["clientSecurityGroupIds"], own)
        ),
        rule(IsEgress=True, ReferencedGroupInfo={"GroupId": own}),
    ]
    assert security.security_group_rules(outputs(), declared).passed is True
    judged = security.security_group_rules(outputs(), [*declared, extra])
    assert judged.passed is False
    assert f"not declared: {found}" in judged.evidence


def test_https_is_open_for_declared_roles_only() -> None:
    https = rule(IsEgress=True, FromPort=443, ToPort=443, CidrIpv4="0.0.0.0/0")
    for roles, declared in (({}, False), ({"s3Import": ROLE}, True)):
        judged = security.security_group_rules(outputs(iamRoles=roles), [https])
        assert ("egress tcp 443 to 0.0.0.0/0" in judged.expected) is declared


def test_a_policy_with_a_condition_or_a_wildcard_is_not_exact() -> None:
    resource = (
        f"arn:aws:rds-db:us-east-2:123456789012:dbuser:{OUTPUTS['clusterResourceId']}/"
        "trialfinder_app"
    )
    statement = {"Effect": "Allow", "Action": "rds-db:connect", "Resource": resource}
    for changed, passed in (
        (statement, True),
        ({**statement, "Resource": "*"}, False),
        ({**statement, "Action": ["rds-db:connect", "rds:*"]}, False),
        ({**statement, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, False),
    ):
        judged = security.connect_policy_exact(
            outputs(), {"trialfinder_app": {"Statement": [changed]}}
        )
        assert judged.passed is passed


def test_a_wrong_password_does_not_prove_that_tls_is_required() -> None:
    wrong = Attempt("1", 'password authentication failed for user "aurora_master"')
    assert security.tls_refused_without(outputs(), wrong).passed is False
    right = Attempt("1", 'no pg_hba.conf entry for host "10.0.0.1", no encryption')
    assert security.tls_refused_without(outputs(), right).passed is True


@pytest.mark.parametrize(
    ("age", "passed"), [(timedelta(hours=23), True), (timedelta(hours=25), False)]
)
def test_a_log_that_is_silent_for_a_day_fails(age: timedelta, passed: bool) -> None:
    events = {"group": "g", "last": (NOW - age).timestamp() * 1000, "streams": 1}
    assert monitoring.logs_received(outputs(), events, NOW).passed is passed
    empty = {"group": "g", "last": None, "streams": 0}
    assert monitoring.logs_received(outputs(), empty, NOW).found == "no event"


def test_a_cluster_that_may_be_paused_writes_no_log_then() -> None:
    events = {"group": "g", "last": (NOW - timedelta(days=3)).timestamp() * 1000, "streams": 1}
    with pytest.raises(NotApplicableError, match=r"UTC; a paused cluster writes no log$"):
        monitoring.logs_received(outputs(minCapacity=0), events, NOW)


def trail(selectors: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"Name": "t", "IsLogging": True, "HomeRegion": "us-east-2", "Selectors": selectors} | (
        members
    )


MANAGEMENT: dict[str, Any] = {"EventSelectors": [{"IncludeManagementEvents": True}]}
ADVANCED = {
    "AdvancedEventSelectors": [
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    ]
}
DATA_ONLY = {
    "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]
}


@pytest.mark.parametrize(
    ("trails", "passed"),
    [
        ([trail(MANAGEMENT)], True),
        ([trail(ADVANCED)], True),
        ([trail(DATA_ONLY)], False),
        ([trail(MANAGEMENT, IsLogging=False)], False),
        ([trail(MANAGEMENT, HomeRegion="eu-west-1")], False),
        ([trail(MANAGEMENT, HomeRegion="eu-west-1", IsMultiRegionTrail=True)], True),
        ([trail({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]})], False),
        ([], False),
    ],
)
def test_a_trail_must_log_writes_of_management_events_in_the_region(
    trails: list[dict[str, Any]], passed: bool
) -> None:
    assert monitoring.rotation_trail(outputs(), trails).passed is passed


@pytest.mark.parametrize(
    ("minutes", "passed"), [(4, True), (14, True), (16, False), (60 * 24, False)]
)
def test_the_restorable_time_must_follow_the_clock(minutes: int, passed: bool) -> None:
    cluster = {"LatestRestorableTime": NOW - timedelta(minutes=minutes)}
    assert backups.restorable_time(outputs(), cluster, NOW).passed is passed
    assert backups.restorable_time(outputs(), {}, NOW).found == "none"


@pytest.mark.parametrize(
    ("days", "count", "passed"), [(0, 0, True), (1, 0, True), (3, 0, False), (3, 1, True)]
)
def test_a_cluster_has_an_automated_snapshot_after_two_days(
    days: int, count: int, passed: bool
) -> None:
    cluster = {"ClusterCreateTime": NOW - timedelta(days=days)}
    manual = {"SnapshotType": "manual"}
    found = [manual, *([{"SnapshotType": "automated"}] * count)]
    assert backups.snapshots_present(outputs(), cluster, found, NOW).passed is passed


@pytest.mark.parametrize("states", [[], ["retained"], ["active", "active"]])
def test_exactly_one_automated_backup_is_active(states: list[str]) -> None:
    rows = [{"Status": each} for each in states]
    assert backups.automated_backups(outputs(), rows).passed is False
    assert backups.automated_backups(outputs(), [{"Status": "active"}]).passed is True


@pytest.mark.parametrize(("days", "passed"), [(30, True), (31, True), (32, False)])
def test_a_rotation_may_be_late_by_its_window(days: int, passed: bool) -> None:
    secret = {"LastRotatedDate": NOW - timedelta(days=days)}
    assert secrets.secret_rotated(outputs(rotationDays=30), secret, NOW).passed is passed
    assert secrets.secret_rotated(outputs(), {}, NOW).found == "never"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"AutomaticallyAfterDays": 30}, "every 30 days"),
        ({"ScheduleExpression": "rate(30 days)"}, "every 30 days"),
        ({"ScheduleExpression": "rate(7 days)"}, "every 7 days"),
        ({"ScheduleExpression": "cron(0 4 1 * ? *)"}, "cron(0 4 1 * ? *)"),
    ],
)
def test_the_period_of_a_rotation_is_read_in_both_forms(rules: dict[str, Any], found: str) -> None:
    judged = secrets.secret_rotation(outputs(), {"RotationEnabled": True, "RotationRules": rules})
    assert (judged.found, judged.passed) == (found, found == "every 30 days")


def test_an_old_password_that_still_logs_in_fails() -> None:
    current = Attempt("2", None)
    judged = secrets.login_superseded(
        outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": Attempt("1", None, is_current=False)}
    )
    assert (judged.passed, judged.found, judged.evidence) == (
        False,
        "a login",
        "version 1: accepted",
    )
    refused = Attempt("1", "password authentication failed", is_current=False)
    assert secrets.login_superseded(
        outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": refused}
    ).passed
    with pytest.raises(NotApplicableError, match="no previous password"):
        secrets.login_superseded(outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": current})


@pytest.mark.parametrize("content", [None, {}, {"password": "secret-value"}])
def test_a_secret_of_another_format_fails_and_its_values_are_not_shown(
    content: dict[str, Any] | None,
) -> None:
    judged = secrets.secret_format(outputs(), {"AWSCURRENT": SecretValue("1", content)})
    assert judged.passed is False
    assert "secret-value" not in json.dumps(vars(judged))
    assert "secret-value" not in repr(SecretValue("1", content))


def database_state(
    *,
    settings: dict[str, str] | None = None,
    roles: dict[str, tuple[bool, frozenset[str]]] | None = None,
    iam_roles: frozenset[str] = frozenset(),
) -> DatabaseState:
    return DatabaseState(
        encrypted=True,
        version="17.4",
        settings=settings or {},
        pending=[],
        roles=roles or {},
        iam_roles=iam_roles,
    )


@pytest.mark.parametrize(
    ("groups", "iam_roles", "found", "evidence"),
    [
        # The creator of an IAM user is a member of it with ADMIN OPTION only.
        ({"app"}, {"rds_iam", "app"}, "not a member", "rds_iam"),
        ({"app", "rds_iam"}, {"rds_iam", "app", "aurora_master"}, "a member", "rds_iam"),
        (
            {"app", "rds_superuser", "reports"},
            {"rds_iam", "app", "reports", "aurora_master"},
            "a member",
            "rds_iam, through app or reports",
        ),
    ],
)
def test_the_master_user_must_not_have_rds_iam_through_another_role_either(
    groups: set[str], iam_roles: set[str], found: str, evidence: str
) -> None:
    state = database_state(
        roles={"aurora_master": (True, frozenset(groups))}, iam_roles=frozenset(iam_roles)
    )
    assert users.master_without_iam(outputs(), state) == Judgement(
        found == "not a member", "not a member", found, evidence
    )


@pytest.mark.parametrize(
    ("declared", "found", "passed"),
    [
        ("1", "on", True),
        ("0", "off", True),
        ("0", "on", False),
        ("a,b", "a, b", True),
        ("4096", "4096", True),
        ("4096", "8192", False),
    ],
)
def test_values_are_compared_in_the_spelling_of_rds_and_of_postgresql(
    declared: str, found: str, passed: bool
) -> None:
    state = database_state(settings={"p": found})
    judged = parameters.parameters_in_force(outputs(parameters={"p": declared}), state)
    assert judged.passed is passed
    assert parameters.parameters_in_rds(outputs(parameters={"gone": "1"}), {}).found == (
        "gone=not set"
    )


FORMULA = "LEAST({DBInstanceClassMemory/9531392},5000)"


@pytest.mark.parametrize(
    ("declared", "expected", "evidence"),
    [
        (
            {"max_connections": FORMULA, "work_mem": "4096"},
            "work_mem=4096",
            "not compared, because RDS computes it: max_connections",
        ),
        (
            {"shared_buffers": "{DBInstanceClassMemory/32768}", "port": "{EndPointPort}"}
            | {"shared_preload_libraries": "auto_explain"},
            "none",
            "not compared, because RDS computes it: port, shared_buffers; "
            "shared_preload_libraries lacks auto_explain",
        ),
        ({"log_line_prefix": "(%t) {%u}"}, "log_line_prefix=(%t) {%u}", ""),
    ],
)
def test_a_formula_is_not_compared_with_the_value_that_rds_computes(
    declared: dict[str, str], expected: str, evidence: str
) -> None:
    settings = {"max_connections": "1802", "work_mem": "4096", "log_line_prefix": "(%t) {%u}"}
    judged = parameters.parameters_in_force(
        outputs(parameters=declared), database_state(settings=settings)
    )
    assert judged == Judgement("lacks" not in evidence, expected, expected, evidence)


def test_formulas_alone_leave_nothing_to_compare() -> None:
    declared = outputs(parameters={"max_connections": FORMULA, "rds.force_ssl": "1"})
    message = "^RDS computes the value of max_connections by a formula$"
    with pytest.raises(NotApplicableError, match=message):
        parameters.parameters_in_force(declared, database_state(settings={}))


@pytest.mark.parametrize(
    ("loaded", "evidence"),
    [
        ("pg_stat_statements,auto_explain", ""),
        ("rdsutils, pg_stat_statements, auto_explain", ""),
        ("rdsutils", "shared_preload_libraries lacks pg_stat_statements, auto_explain"),
        ("pg_stat_statements", "shared_preload_libraries lacks auto_explain"),
    ],
)
def test_further_libraries_of_rds_are_not_a_difference(loaded: str, evidence: str) -> None:
    state = database_state(settings={"shared_preload_libraries": loaded})
    declared = outputs(parameters={"shared_preload_libraries": "pg_stat_statements,auto_explain"})
    judged = parameters.parameters_in_force(declared, state)
    assert (judged.passed, judged.evidence) == (evidence == "", evidence)


def test_a_deleted_subscription_does_not_count() -> None:
    subscriptions = [{"Endpoint": "a@example.com", "SubscriptionArn": "Deleted"}]
    judged = monitoring.alarm_recipients(
        outputs(notificationEmails=["a@example.com"]), subscriptions
    )
    assert judged.found == "a@example.com=not subscribed"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "none"),
        ([], "none"),
        ({}, "none"),
        (True, "on"),
        (0.5, "0.5"),
        (128.0, "128"),
        ({"a": 1, "b": [True, None]}, "a=1, b=on, none"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, shown: str) -> None:
    assert text(value) == shown


def test_a_comparison_names_missing_and_undeclared_members() -> None:
    assert same_members(["a", "b"], ["b", "c"]) == Judgement(
        passed=False, expected="a, b", found="b, c", evidence="missing: a; not declared: c"
    )
    assert equal("a", "a") == Judgement(passed=True, expected="a", found="a")


def test_a_stack_without_iam_users_has_no_policies_to_check() -> None:
    for judge in (
        security.connect_policy_attached,
        security.connect_policy_exact,
        security.connect_sufficient,
    ):
        with pytest.raises(NotApplicableError, match="no user logs in with IAM"):
            judge(parse_outputs({**OUTPUTS, "users": {}}, "the test"), {})


def test_users_have_a_policy_or_a_secret() -> None:
    users = {
        "app": {"authentication": "iam", "connectPolicyArn": "arn:policy", "secretArn": None},
        "reports": {"authentication": "password", "connectPolicyArn": None, "secretArn": "arn:s"},
    }
    parsed = parse_outputs({**OUTPUTS, "users": users}, "the test")
    assert parsed.iam_users == ["app"]
    assert parsed.secret_arns == {"master": OUTPUTS["masterSecretArn"], "reports": "arn:s"}
