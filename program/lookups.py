"""Lookups: what the account already has, found before anything is created."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TypeVar, cast

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import AuroraDataPlatformArgs
from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.errors import Fault, SettingsError
from program.config import StackConfig
from program.lookup_settings import EngineVersionMatch, LookupSettings

LEAST_ZONES = 2
"""Aurora's minimum (RDS API, DBSubnetGroupDoesNotCoverEnoughAZs)."""

Found = TypeVar("Found")


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the lookups found.

    Attributes:
        partition: AWS partition of the credentials.
        account_id: AWS account of the credentials.
        vpc_id: The VPC.
        subnet_ids: Private subnets, sorted.
        availability_zones: Zones of the subnets, sorted; at least two.
        client_security_group_ids: Ids by the name or id that was configured.
        kms_key_arn: ARN of the key to adopt, or None.
        task_role_name: ECS task role, or None.
        execution_role_name: ECS task execution role, or None.
        secrets_endpoint_security_group_id: Security group of the VPC's own endpoint, or None.
        engine_version: Version that a new cluster gets.
    """

    partition: str
    account_id: str
    vpc_id: str
    subnet_ids: Sequence[str]
    availability_zones: Sequence[str]
    client_security_group_ids: dict[str, str]
    kms_key_arn: str | None
    task_role_name: str | None
    execution_role_name: str | None
    secrets_endpoint_security_group_id: str | None
    engine_version: str

    def arguments(self, settings: Mapping[str, object]) -> AuroraDataPlatformArgs:
        """The component's arguments: what was configured and what was found."""
        return cast("AuroraDataPlatformArgs", {**settings, **asdict(self)})


def look_up(config: StackConfig, *, today: date) -> Surroundings:
    """Find what the configuration names.

    Args:
        config: The stack's configuration.
        today: The day from which the engine version's support is counted.

    Raises:
        SettingsError: Something is not there; the error lists everything that is missing.
    """
    search = _Search()
    lookups = config.lookups
    vpc_id = _vpc(search, lookups)
    subnets = _subnets(search, lookups, vpc_id) if vpc_id else {}
    clients = {
        client: _security_group(search, "clientSecurityGroups", client, vpc_id)
        for client in (lookups.client_security_groups if vpc_id else ())
    }
    endpoint = lookups.secrets_manager_endpoint_security_group
    endpoint_group = (
        _security_group(search, "secretsManagerEndpointSecurityGroup", endpoint, vpc_id)
        if endpoint and vpc_id
        else ""
    )
    key_arn = _key(search, lookups.kms_key_id)
    task_role = _role(search, "ecsTaskRoleName", lookups.ecs_task_role_name)
    execution_role = _role(search, "ecsTaskExecutionRoleName", lookups.ecs_task_execution_role_name)
    engine_version = _engine_version(search, config.engine_version, lookups.engine_version_match)
    if search.faults:
        raise SettingsError(search.faults, config.stack_file)
    _warn_about_version(config.engine_version, engine_version, today)
    return Surroundings(
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        vpc_id=vpc_id,
        subnet_ids=sorted(subnets),
        availability_zones=sorted(set(subnets.values())),
        client_security_group_ids=clients,
        kms_key_arn=key_arn or None,
        task_role_name=task_role or None,
        execution_role_name=execution_role or None,
        secrets_endpoint_security_group_id=endpoint_group or None,
        engine_version=engine_version,
    )


class _Search:
    """Runs lookups and keeps what they did not find, so that one run tells all of it."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def find(
        self, lookup: Callable[[], Found], missing: Found, *, key: str, got: object, allowed: str
    ) -> Found:
        """The lookup's result, or `missing` and a fault."""
        try:
            return lookup()
        except Exception as error:
            self.faults.append(Fault(key, got, allowed, str(error)))
            return missing


def _vpc(search: _Search, lookups: LookupSettings) -> str:
    if lookups.vpc_id:
        return search.find(
            lambda: aws.ec2.get_vpc(id=lookups.vpc_id).id,
            "",
            key="vpcId",
            got=lookups.vpc_id,
            allowed="a VPC of this account and region",
        )
    return search.find(
        lambda: aws.ec2.get_vpc(tags=lookups.vpc_tags).id,
        "",
        key="vpcTags",
        got=lookups.vpc_tags,
        allowed="tags that exactly one VPC of this account and region has",
    )


def _subnets(search: _Search, lookups: LookupSettings, vpc_id: str) -> dict[str, str]:
    """Zones by subnet id."""
    if lookups.subnet_ids:
        key, got = "subnetIds", list(lookups.subnet_ids)
        ids = got
    else:
        key, got = "subnetTags", lookups.subnet_tags
        ids = search.find(
            lambda: (
                aws.ec2.get_subnets(
                    filters=[{"name": "vpc-id", "values": [vpc_id]}], tags=lookups.subnet_tags
                ).ids
            ),
            [],
            key=key,
            got=got,
            allowed="tags of the private subnets",
        )
    subnets = search.find(
        lambda: {found.id: found for found in (aws.ec2.get_subnet(id=each) for each in ids)},
        None,
        key=key,
        got=got,
        allowed="subnets of this account and region",
    )
    if subnets is None:
        return {}
    zones = {each.id: each.availability_zone for each in subnets.values()}
    strangers = sorted(each.id for each in subnets.values() if each.vpc_id != vpc_id)
    public = sorted(each.id for each in subnets.values() if each.map_public_ip_on_launch)
    for wrong, why in (
        (strangers, f"not in {vpc_id}"),
        (public, "public: they give new network interfaces a public address"),
    ):
        if wrong:
            search.faults.append(
                Fault(key, got, "private subnets of the VPC", f"{', '.join(wrong)}: {why}")
            )
    if len(set(zones.values())) < LEAST_ZONES:
        search.faults.append(
            Fault(
                key,
                got,
                f"subnets in at least {LEAST_ZONES} availability zones",
                f"found {len(zones)} in {', '.join(sorted(set(zones.values()))) or 'no zone'}; "
                "Aurora refuses fewer zones",
            )
        )
    return zones


def _security_group(search: _Search, key: str, named: str, vpc_id: str) -> str:
    def lookup() -> str:
        if named.startswith("sg-"):
            return aws.ec2.get_security_group(id=named, vpc_id=vpc_id).id
        return aws.ec2.get_security_group(name=named, vpc_id=vpc_id).id

    return search.find(
        lookup,
        "",
        key=key,
        got=named,
        allowed=f"the name or id of a security group of {vpc_id}",
    )


def _key(search: _Search, key_id: str) -> str:
    if not key_id:
        return ""

    def lookup() -> str:
        key = aws.kms.get_key(key_id=key_id)
        if not key.enabled:
            msg = f"{key.arn} is {key.key_state}"
            raise ValueError(msg)
        return key.arn

    return search.find(
        lookup,
        "",
        key="kmsKeyId",
        got=key_id,
        allowed="an enabled key of this region, or nothing to create one",
    )


def _role(search: _Search, key: str, name: str) -> str:
    if not name:
        return ""
    return search.find(
        lambda: aws.iam.get_role(name=name).name,
        "",
        key=key,
        got=name,
        allowed="the name of a role of this account, or nothing",
    )


def _engine_version(search: _Search, version: str, match: EngineVersionMatch) -> str:
    wanted = [version] if match is EngineVersionMatch.EXACT else engine_versions.candidates(version)
    return search.find(
        lambda: (
            aws.rds.get_engine_version(
                engine=engine_versions.ENGINE, preferred_versions=wanted
            ).version_actual
        ),
        version,
        key="engineVersion",
        got=version,
        allowed="a version that AWS creates clusters on"
        + (", or engineVersionMatch: closest" if match is EngineVersionMatch.EXACT else ""),
    )


def _warn_about_version(requested: str, chosen: str, today: date) -> None:
    if chosen != requested:
        row = engine_versions.CALENDAR.get(requested)
        ended = f" (end of standard support {row.end_of_standard_support})" if row else ""
        pulumi.log.warn(
            f"engineVersion {requested}{ended}: AWS no longer creates clusters on it; new clusters "
            f"get {chosen}, the closest later minor version"
        )
    support = engine_versions.support_advice(chosen, today)
    if support is not None:
        pulumi.log.warn(support)
