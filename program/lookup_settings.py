"""Settings of the lookups: what the platform finds in the account, instead of creating it."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from components.aurora_data_platform.errors import Fault, SettingsError
from components.aurora_data_platform.settings.types import setting
from components.aurora_data_platform.settings.validation import Rule, validate

Tags = dict[str, str]


class EngineVersionMatch(StrEnum):
    """What to do when AWS no longer creates the requested engine version."""

    CLOSEST = "closest"
    EXACT = "exact"


class LookupSettings(BaseModel):
    """How the program finds network, key, roles and engine version.

    Its values never reach the component, which takes what the lookups found.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    vpc_id: Annotated[str, Field(pattern=r"^(vpc-[0-9a-f]+)?$")] = setting(
        "",
        allowed="vpc- and hexadecimal digits, or nothing",
        why="it is the VPC's id",
        description="VPC by its id; or use vpcTags",
    )
    vpc_tags: Tags = setting(
        {},
        allowed="tags with a text value each",
        why="they pick the one VPC that has them all",
        description="VPC by its tags; or use vpcId",
        config="object",
    )
    subnet_ids: tuple[Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$")], ...] = setting(
        (),
        allowed="a list of subnet- and hexadecimal digits each",
        why="they are subnet ids",
        description="Private subnets by their ids; or use subnetTags",
        config="array",
    )
    subnet_tags: Tags = setting(
        {"Tier": "private"},
        allowed="tags with a text value each",
        why="they pick the VPC's subnets that have them all",
        description="Private subnets by their tags, unless subnetIds is given",
        config="object",
    )
    client_security_groups: tuple[Annotated[str, Field(min_length=1)], ...] = setting(
        (),
        allowed="a list of security group names or ids",
        why="each of them may connect to the database",
        description="Security groups of the clients, by name or id",
        config="array",
    )
    ecs_task_role_name: Annotated[str, Field(pattern=r"^[\w+=,.@-]{0,64}$")] = setting(
        "",
        allowed="a role's name, without path and ARN",
        why="IAM API, RoleName",
        description="ECS task role that may log in as databaseUser with IAM",
    )
    ecs_task_execution_role_name: Annotated[str, Field(pattern=r"^[\w+=,.@-]{0,64}$")] = setting(
        "",
        allowed="a role's name, without path and ARN",
        why="IAM API, RoleName",
        description="ECS task execution role that may read the master secret",
    )
    kms_key_id: Annotated[
        str,
        Field(
            pattern=r"^(|alias/[\w/-]+|(mrk-)?[0-9a-f-]{32,36}"
            r"|arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)/[\w/-]+)$"
        ),
    ] = setting(
        "",
        allowed="a key id, a key ARN, alias/NAME or an alias ARN; nothing to create a key",
        why="KMS API, KeyId; it is resolved to the key's ARN",
        description="Existing KMS key to adopt; changing it replaces the database",
    )
    secrets_manager_endpoint_security_group: str = setting(
        "",
        allowed="the name or id of a security group",
        why="the rotation function's way to the VPC's own endpoint is opened there",
        description="Security group of the VPC's Secrets Manager endpoint, by name or id",
    )
    engine_version_match: EngineVersionMatch = setting(
        EngineVersionMatch.CLOSEST,
        allowed="closest or exact",
        why="AWS stops creating clusters on a version at the end of its standard support",
        description="What to do when AWS no longer creates engineVersion: the closest later minor "
        "of the same major, or an error",
    )

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> Self:
        """Build the settings from values by field name or configuration key.

        Raises:
            SettingsError: Anything is wrong; the error lists every fault.
        """
        settings, faults = validate(cls, values, LOOKUP_RULES)
        if settings is None:
            raise SettingsError(faults)
        return settings


def _one_vpc(s: LookupSettings) -> Iterable[Fault]:
    if bool(s.vpc_id) == bool(s.vpc_tags):
        yield Fault(
            "vpcId",
            s.vpc_id,
            "either vpcId or vpcTags",
            "exactly one of them tells which VPC the database lives in; vpcTags is "
            f"{s.vpc_tags or 'empty'}",
        )


def _some_subnets(s: LookupSettings) -> Iterable[Fault]:
    if not s.subnet_ids and not s.subnet_tags:
        yield Fault(
            "subnetIds",
            [],
            "subnetIds or subnetTags",
            "without either, nothing tells the private subnets from the public ones",
        )


def _distinct_clients(s: LookupSettings) -> Iterable[Fault]:
    if len(set(s.client_security_groups)) < len(s.client_security_groups):
        yield Fault(
            "clientSecurityGroups",
            list(s.client_security_groups),
            "each security group once",
            "each of them gets one ingress rule",
        )


LOOKUP_RULES: Sequence[Rule] = (
    Rule(frozenset({"vpc_id", "vpc_tags"}), _one_vpc),
    Rule(frozenset({"subnet_ids", "subnet_tags"}), _some_subnets),
    Rule(frozenset({"client_security_groups"}), _distinct_clients),
)
