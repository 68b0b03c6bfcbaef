"""Lookups in the AWS account, before anything is created."""

from collections.abc import Mapping
from datetime import datetime

import pulumi_aws as aws

from components.aurora_data_platform import AuroraDataPlatformArgs, PlatformSettings
from components.aurora_data_platform.errors import ConfigError, ConfigIssue
from components.aurora_data_platform.settings.account import account_issues
from components.aurora_data_platform.settings.types import NetworkType
from program.engine_version import find_engine_version, warn_about_support, warn_about_version
from program.existing_clusters import find_existing_clusters
from program.lookup_errors import LookupErrors
from program.lookup_settings import LookupSettings
from program.restore_source import find_source
from program.subnets import Subnets, find_subnets


def resolve_lookups(
    settings: PlatformSettings, lookups: LookupSettings, stack_file: str, *, now: datetime
) -> AuroraDataPlatformArgs:
    """Look up everything that the configuration names, and return the component's arguments.

    Args:
        settings: The platform's settings.
        lookups: What to look up.
        stack_file: Name of the stack file, for messages.
        now: Time against which the support of the engine version and restore windows are counted.

    Raises:
        ConfigError: Something does not exist or is unsuitable; the error lists every issue.
    """
    errors = LookupErrors()
    vpc_id = _vpc(errors, lookups)
    needs_ipv6 = settings.network_type is NetworkType.DUAL
    subnets = (
        find_subnets(errors, lookups, vpc_id, needs_ipv6=needs_ipv6) if vpc_id else Subnets({})
    )
    clients = _clients(errors, lookups, vpc_id)
    endpoint = lookups.secrets_manager_endpoint_security_group
    endpoint_group = (
        _security_group(errors, "secretsManagerEndpointSecurityGroup", endpoint, vpc_id)
        if endpoint and vpc_id
        else None
    )
    key_arn = _key_arn(errors, lookups.kms_key_id)
    _user_roles(errors, settings)
    for feature, role_arn in settings.iam_roles.items():
        _role(errors, f"iamRoles.{feature}", role_arn.rpartition("/")[2])
    execution_role = _role(errors, "ecsTaskExecutionRoleName", lookups.ecs_task_execution_role_name)
    clusters = find_existing_clusters(errors, settings)
    source = find_source(errors, settings, clusters, now=now)
    fallback = lookups.engine_version_fallback
    engine_version = find_engine_version(errors, settings, fallback, clusters, source)
    account_id = aws.get_caller_identity().account_id
    errors.issues += account_issues(settings, account_id)
    if errors.issues:
        raise ConfigError(errors.issues, stack_file)
    if source is None:
        warn_about_version(settings.engine_version, engine_version)
    warn_about_support(engine_version, settings, now.date())
    return AuroraDataPlatformArgs(
        settings=settings,
        partition=aws.get_partition().partition,
        account_id=account_id,
        vpc_id=vpc_id,
        subnet_ids=subnets.ids,
        endpoint_subnet_ids=subnets.one_per_zone,
        availability_zones=subnets.zones,
        client_security_group_ids=clients,
        engine_version=engine_version,
        kms_key_arn=key_arn,
        ecs_task_execution_role_name=execution_role,
        secrets_endpoint_security_group_id=endpoint_group.id if endpoint_group else None,
    )


def _vpc(errors: LookupErrors, lookups: LookupSettings) -> str:
    if lookups.vpc_id:
        return errors.collect(
            lambda: aws.ec2.get_vpc(id=lookups.vpc_id).id,
            "",
            key="vpcId",
            value=lookups.vpc_id,
            expected="a VPC in this account and region",
        )

    def by_tags() -> str:
        ids = sorted(aws.ec2.get_vpcs(tags=lookups.vpc_tags).ids)
        if len(ids) != 1:
            msg = f"{len(ids)} VPCs matched{':' if ids else ''} {', '.join(ids)}".rstrip()
            raise LookupError(msg)
        return ids[0]

    return errors.collect(
        by_tags,
        "",
        key="vpcTags",
        value=lookups.vpc_tags,
        expected="tags that exactly one VPC in this account and region has",
    )


def _security_group(
    errors: LookupErrors, key: str, name_or_id: str, vpc_id: str
) -> aws.ec2.GetSecurityGroupResult | None:
    def lookup() -> aws.ec2.GetSecurityGroupResult:
        if name_or_id.startswith("sg-"):
            return aws.ec2.get_security_group(id=name_or_id, vpc_id=vpc_id)
        return aws.ec2.get_security_group(name=name_or_id, vpc_id=vpc_id)

    return errors.collect(
        lookup,
        None,
        key=key,
        value=name_or_id,
        expected=f"the name or ID of a security group in {vpc_id}",
    )


def _clients(errors: LookupErrors, lookups: LookupSettings, vpc_id: str) -> Mapping[str, str]:
    """Return IDs by group name, so that a rule's logical name is the same for name and ID."""
    if not vpc_id:
        return {}
    spellings: dict[str, list[str]] = {}
    clients: dict[str, str] = {}
    for name_or_id in lookups.client_security_groups:
        group = _security_group(errors, "clientSecurityGroups", name_or_id, vpc_id)
        if group is not None:
            clients[group.name] = group.id
            spellings.setdefault(group.id, []).append(name_or_id)
    errors.issues += [
        ConfigIssue(
            "clientSecurityGroups",
            names,
            "each security group once",
            f"{' and '.join(names)} are the same security group, {group_id}",
        )
        for group_id, names in spellings.items()
        if len(names) > 1
    ]
    return clients


def _key_arn(errors: LookupErrors, key_id: str) -> str | None:
    if not key_id:
        return None

    def lookup() -> str:
        key = aws.kms.get_key(key_id=key_id)
        if not key.enabled:
            msg = f"{key.arn} is {key.key_state}"
            raise LookupError(msg)
        return key.arn

    return errors.collect(
        lookup,
        None,
        key="kmsKeyId",
        value=key_id,
        expected="an enabled key in this region, or empty to create one",
    )


def _role(errors: LookupErrors, key: str, name: str) -> str | None:
    if not name:
        return None
    return errors.collect(
        lambda: aws.iam.get_role(name=name).name,
        None,
        key=key,
        value=name,
        expected="the name of a role in this account, or empty",
    )


def _user_roles(errors: LookupErrors, settings: PlatformSettings) -> None:
    """Ensure that the roles of users exist; IAM attaches policies by their names."""
    for name, user in settings.users.items():
        for key, roles in (
            ("taskRoles", user.task_roles),
            ("executionRoles", user.execution_roles),
        ):
            for role in roles:
                _role(errors, f"users.{name}.{key}", role)
