"""Physical names: their limits and their uniqueness."""

import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.naming import Names
from components.aurora_data_platform.settings.types import LogType
from tests.components.aurora_data_platform.test_backups import FULL_PLAN
from tools.testing.programs import run_program

LIMITS: dict[str, tuple[str, int, str]] = {
    # Type: property, maximum length, characters (API reference of each service).
    "aws:rds/cluster:Cluster": ("clusterIdentifier", 63, r"[a-z][a-z0-9-]*"),
    "aws:rds/clusterInstance:ClusterInstance": ("identifier", 63, r"[a-z][a-z0-9-]*"),
    "aws:rds/clusterEndpoint:ClusterEndpoint": (
        "clusterEndpointIdentifier",
        63,
        r"[a-z][a-z0-9-]*",
    ),
    "aws:rds/clusterParameterGroup:ClusterParameterGroup": ("name", 255, r"[a-z][a-z0-9-]*"),
    "aws:rds/subnetGroup:SubnetGroup": ("name", 255, r"[a-z][a-z0-9-]*"),
    "aws:rds/eventSubscription:EventSubscription": ("name", 255, r"[a-z][a-z0-9-]*"),
    "aws:ec2/securityGroup:SecurityGroup": ("name", 255, r"(?!sg-)[a-z0-9-]+"),
    "aws:iam/role:Role": ("name", 64, r"[\w+=,.@-]+"),
    "aws:iam/policy:Policy": ("name", 128, r"[\w+=,.@-]+"),
    "aws:kms/alias:Alias": ("name", 256, r"alias/[a-zA-Z0-9/_-]+"),
    "aws:lambda/function:Function": ("name", 64, r"[a-zA-Z0-9_-]+"),
    "aws:sqs/queue:Queue": ("name", 80, r"[a-zA-Z0-9_-]+"),
    "aws:sns/topic:Topic": ("name", 256, r"[a-zA-Z0-9_-]+"),
    "aws:secretsmanager/secret:Secret": ("name", 512, r"[a-zA-Z0-9/_+=.@-]+"),
    "aws:cloudwatch/logGroup:LogGroup": ("name", 512, r"[a-zA-Z0-9_/.#-]+"),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("name", 255, r"[a-z0-9-]+"),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("alarmName", 255, r"[a-z0-9-]+"),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardName", 255, r"[a-zA-Z0-9_-]+"),
    "aws:cloudwatch/eventRule:EventRule": ("name", 64, r"[.a-zA-Z0-9_-]+"),
    "aws:cloudwatch/eventTarget:EventTarget": ("targetId", 64, r"[.a-zA-Z0-9_-]+"),
    "aws:backup/vault:Vault": ("name", 50, r"[a-zA-Z0-9_-]{2,}"),
    "aws:backup/plan:Plan": ("name", 50, r"[a-zA-Z0-9_.-]+"),
    "aws:backup/selection:Selection": ("name", 50, r"[a-zA-Z0-9_.-]+"),
    "aws:backup/restoreTestingPlan:RestoreTestingPlan": ("name", 50, r"[a-zA-Z0-9_]+"),
    "aws:backup/restoreTestingSelection:RestoreTestingSelection": ("name", 50, r"[a-zA-Z0-9_]+"),
    "aws:cloudwatch/logMetricFilter:LogMetricFilter": ("name", 512, r"[^:*]+"),
}


@pytest.fixture(scope="module")
def longest() -> Any:
    environment = "e" * 16
    return run_program(
        "prod",
        environment=environment,
        platformName="p" * 16,
        instanceCount=16,
        backupPlan=FULL_PLAN,
        customEndpoints={"n" * 24: {"staticMembers": [2, 3]}},
        users={
            "i" * 57: {"authentication": "iam", "access": "readonly"},
            "w" * 57: {
                "authentication": "password",
                "access": "readonly",
                "taskRoles": ["task"],
            },
        },
    )


def test_every_region_code_has_three_characters() -> None:
    """Therefore the length of a name does not depend on the region."""
    assert {len(region.code) for region in REGIONS.values()} == {3}


def test_the_longest_names_are_within_the_limits_of_their_services(longest: Any) -> None:
    checked: set[str] = set()
    for each in longest.resources:
        if each.type in LIMITS:
            key, limit, pattern = LIMITS[each.type]
            name = each.inputs[key]
            assert len(name) <= limit, name
            assert re.fullmatch(pattern, name), name
            checked.add(each.type)
    assert checked == LIMITS.keys()


def test_every_resource_with_a_physical_name_is_in_the_table(longest: Any) -> None:
    keys = {"name", "identifier", "dashboardName", "alarmName"}
    named = {each.type for each in longest.resources if keys & each.inputs.keys()}
    assert named <= LIMITS.keys()


def all_names(environment: str, platform: str) -> set[str]:
    names = Names(environment=environment, platform=platform, region="us-east-2", major_version=17)
    plain = {
        value
        for name in dir(Names)
        if not name.startswith("_") and isinstance(value := getattr(names, name), str)
    } - {environment, platform, "us-east-2"}
    rotations = [vars(names.master_rotation), vars(names.users_rotation), vars(names.setup)]
    return (
        plain
        | {value for rotation in rotations for value in rotation.values()}
        | {names.connect_policy("user"), names.user_secret_read_policy("user")}
        | {names.user_secret("user")}
        | {names.instance(n) for n in range(1, 17)}
        | {names.log_group(str(log)) for log in LogType}
        | {names.event_subscription(kind) for kind in ("db-cluster", "db-instance")}
    )


NAME_PARTS = st.sampled_from(["dev", "eu", "rds", "aurora", "rotation", "secret", "sg", "endpoint"])
PLATFORMS = NAME_PARTS | st.from_regex(r"\A[a-z][a-z0-9]{0,8}\Z").filter(
    lambda name: name != "users"
)


@given(
    st.lists(NAME_PARTS, min_size=1, max_size=3).map("-".join),
    st.lists(NAME_PARTS, min_size=1, max_size=3).map("-".join),
    PLATFORMS,
    PLATFORMS,
)
def test_two_platforms_never_have_a_name_in_common(
    environment: str, other_environment: str, platform: str, other_platform: str
) -> None:
    if (environment, platform) != (other_environment, other_platform):
        shared = all_names(environment, platform) & all_names(other_environment, other_platform)
        assert shared == set()


def test_a_platform_named_users_would_share_names_with_a_rotation_of_users() -> None:
    """This is why the name is reserved."""
    assert all_names("dev", "x") & all_names("dev-x", "users")


def test_all_names_of_one_platform_differ() -> None:
    names = Names(environment="dev", platform="aurora", region="us-east-2", major_version=17)
    rotations = [
        {key: value for key, value in vars(rotation).items() if key != "secret"}
        for rotation in (names.master_rotation, names.users_rotation, names.setup)
    ]
    for one, other in itertools.combinations(rotations, 2):
        assert not set(one.values()) & set(other.values())
