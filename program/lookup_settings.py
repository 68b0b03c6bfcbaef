"""Settings of the lookups: what the platform uses from the account instead of creating it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.types import SecretsManagerConnectivity, setting
from components.aurora_data_platform.settings.validation import CrossFieldRule, validated
from program.engine_version import EngineVersionLookup

TagFilter = dict[str, str]
_ROLE_NAME = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{0,64}$")]
_ROLE = setting("the name of a role, without path and ARN", "IAM API, RoleName")


class LookupSettings(EngineVersionLookup):
    """Lookups of network, key, roles and engine version.

    Raises:
        ConfigError: Any setting is invalid; the error lists every issue.
    """

    vpc_id: Annotated[
        Annotated[str, Field(pattern=r"^vpc-[0-9a-f]+$")] | Literal[""],
        setting("vpc- and hexadecimal digits, or empty"),
    ] = ""
    """VPC by ID; alternatively vpcTags."""
    vpc_tags: Annotated[
        TagFilter,
        setting("a map of tag key to string", config_type="object"),
    ] = {}
    """VPC by tags, which exactly one VPC must have; alternatively vpcId."""
    subnet_ids: Annotated[
        tuple[Annotated[str, Field(pattern=r"^subnet-[0-9a-f]+$")], ...],
        setting("a list of subnet IDs", config_type="array"),
    ] = ()
    """Private subnets by ID; alternatively subnetTags."""
    subnet_tags: Annotated[
        TagFilter,
        setting("a map of tag key to string", config_type="object"),
    ] = {"Tier": "private"}
    """Private subnets by tags, unless subnetIds is set."""
    client_security_groups: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=255)], ...],
        setting("a list of security group names or IDs", config_type="array"),
    ] = ()
    """Security groups that may connect to the database, by name or ID."""
    ecs_task_execution_role_name: Annotated[_ROLE_NAME, _ROLE] = ""
    """ECS task execution role that reads the master secret."""
    kms_key_id: Annotated[
        str,
        Field(
            pattern=r"^(|alias/[A-Za-z0-9_/-]+|(mrk-)?[0-9a-f-]{32,36}"
            r"|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(key|alias)/[A-Za-z0-9_/-]+)$"
        ),
        setting(
            "a key ID, a key ARN, alias/NAME or an alias ARN; empty to create a key",
            "KMS API, KeyId",
        ),
    ] = ""
    """Existing KMS key. Changing it replaces the database."""
    secrets_manager_endpoint_security_group: Annotated[
        str, setting("the name or ID of a security group")
    ] = ""
    """Security group of the VPC's Secrets Manager endpoint, by name or ID."""

    @model_validator(mode="wrap")
    @classmethod
    def _report_every_issue(
        cls, values: Mapping[str, Any], handler: ModelWrapValidatorHandler[Self]
    ) -> Self:
        return validated(cls, values, handler, LOOKUP_RULES)


def _one_vpc(s: LookupSettings) -> Iterable[ConfigIssue]:
    if bool(s.vpc_id) == bool(s.vpc_tags):
        yield ConfigIssue(
            "vpcId",
            s.vpc_id,
            "exactly one of vpcId and vpcTags",
            f"vpcTags is {s.vpc_tags or 'empty'}",
        )


def _some_subnets(s: LookupSettings) -> Iterable[ConfigIssue]:
    if not s.subnet_ids and not s.subnet_tags:
        yield ConfigIssue("subnetIds", [], "subnetIds or subnetTags")


def _distinct_clients(s: LookupSettings) -> Iterable[ConfigIssue]:
    if len(set(s.client_security_groups)) < len(s.client_security_groups):
        yield ConfigIssue(
            "clientSecurityGroups", list(s.client_security_groups), "each security group once"
        )


LOOKUP_RULES: Sequence[CrossFieldRule] = (
    CrossFieldRule(frozenset({"vpc_id", "vpc_tags"}), _one_vpc),
    CrossFieldRule(frozenset({"subnet_ids", "subnet_tags"}), _some_subnets),
    CrossFieldRule(frozenset({"client_security_groups"}), _distinct_clients),
)


def endpoint_issues(
    key: str, group: object, connectivity: SecretsManagerConnectivity
) -> Iterable[ConfigIssue]:
    """Yield the issue of a security group of the endpoint that is missing, or not used.

    Args:
        key: Its configuration key.
        group: Its name, ID or output; empty or None if it is not set.
        connectivity: Network path to Secrets Manager.
    """
    required = connectivity is SecretsManagerConnectivity.EXISTING_ENDPOINT
    if (group in ("", None)) is required:
        yield ConfigIssue(
            key,
            group,
            "the name or ID of a security group" if required else "unset",
            f"{'required' if required else 'not used'} when secretsManagerConnectivity is "
            f"{connectivity}",
        )
