"""Lookups of the package, so that a program needs few arguments."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import AuroraDataPlatformArgs
from components.aurora_data_platform.errors import ConfigError
from components.aurora_data_platform.settings.types import NetworkType
from package.arguments import PackageSettings
from program.engine_version import find_engine_version, warn_about_support, warn_about_version
from program.existing_clusters import find_existing_clusters
from program.lookup_errors import LookupErrors
from program.lookup_settings import LookupSettings, endpoint_issues
from program.restore_source import find_source
from program.subnets import Subnets, find_subnets

REGION_KEY = "aws:region"

ZonesBySubnet = Mapping[str, str] | pulumi.Output[Mapping[str, str]]


def invoke_options(opts: pulumi.ResourceOptions | None) -> pulumi.InvokeOptions:
    """Return the options with which the lookups use the AWS provider of the resource."""
    providers = opts.providers if opts else None
    provider = providers.get("aws") if isinstance(providers, Mapping) else None
    return pulumi.InvokeOptions(provider=provider)


def find_region(opts: pulumi.InvokeOptions) -> str:
    """Return the region of the AWS provider.

    Raises:
        ConfigError: The provider cannot be used.
    """
    errors = LookupErrors()
    region = errors.collect(
        lambda: aws.get_region(opts=opts).region,
        "",
        key=REGION_KEY,
        value="",
        expected="an AWS provider with a region and credentials",
    )
    if errors.issues:
        raise ConfigError(errors.issues)
    return region


def component_args(
    settings: PackageSettings, inputs: Mapping[str, Any], opts: pulumi.InvokeOptions
) -> AuroraDataPlatformArgs:
    """Look up account, Availability Zones and engine version, and return the component's arguments.

    Args:
        settings: The platform's settings.
        inputs: Deployment-time arguments by field of `AuroraDataPlatformArgs`.
        opts: Options of the lookups.

    Raises:
        ConfigError: Something does not exist or is unsuitable; the error lists every issue.
    """
    errors = LookupErrors()
    now = datetime.now(UTC)
    clusters = find_existing_clusters(errors, settings, opts)
    source = find_source(errors, settings, clusters, opts, now=now)
    fallback = settings.engine_version_fallback
    version = find_engine_version(errors, settings, fallback, clusters, source, opts)
    zones = _zones_by_subnet(errors, settings, inputs, opts)
    errors.issues += endpoint_issues(
        "secretsEndpointSecurityGroupId",
        inputs.get("secrets_endpoint_security_group_id"),
        settings.secrets_manager_connectivity,
    )
    if errors.issues:
        raise ConfigError(errors.issues)
    if source is None:
        warn_about_version(settings.engine_version, version)
    warn_about_support(version, settings, now.date())
    return AuroraDataPlatformArgs(
        settings=settings,
        partition=aws.get_partition(opts=opts).partition,
        account_id=aws.get_caller_identity(opts=opts).account_id,
        engine_version=version,
        availability_zones=_apply(zones, lambda known: Subnets(known).zones),
        endpoint_subnet_ids=_apply(zones, lambda known: Subnets(known).one_per_zone),
        **inputs,
    )


def _zones_by_subnet(
    errors: LookupErrors,
    settings: PackageSettings,
    inputs: Mapping[str, Any],
    opts: pulumi.InvokeOptions,
) -> ZonesBySubnet:
    """Return the Availability Zone of each subnet; subnets are checked if they are known."""
    vpc_id, subnet_ids = inputs["vpc_id"], inputs["subnet_ids"]
    if not isinstance(vpc_id, str) or not _are_texts(subnet_ids):
        return pulumi.Output.from_input(subnet_ids).apply(lambda ids: _look_up_zones(ids, opts))
    try:
        lookups = LookupSettings(vpc_id=vpc_id, subnet_ids=tuple(subnet_ids))
    except ConfigError as error:
        errors.issues += error.issues
        return {}
    needs_ipv6 = settings.network_type is NetworkType.DUAL
    return find_subnets(errors, lookups, vpc_id, opts, needs_ipv6=needs_ipv6).zones_by_id


def _look_up_zones(
    subnet_ids: Sequence[str], opts: pulumi.InvokeOptions
) -> pulumi.Output[Mapping[str, str]]:
    options = pulumi.InvokeOutputOptions(provider=opts.provider)
    zones: dict[str, pulumi.Output[str]] = {
        each: aws.ec2.get_subnet_output(id=each, opts=options).availability_zone
        for each in subnet_ids
    }
    return pulumi.Output.all(**zones)


def _apply(
    zones: ZonesBySubnet, function: Callable[[Mapping[str, str]], Sequence[str]]
) -> Sequence[str] | pulumi.Output[Sequence[str]]:
    """Apply a function at once if its argument is known."""
    return zones.apply(function) if isinstance(zones, pulumi.Output) else function(zones)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) for each in cast("Sequence[object]", value)
    )
