"""The setup function, which brings databases and users in line with the declaration."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.database_access.declaration import declaration_of
from components.aurora_data_platform.functions import package
from components.aurora_data_platform.functions.function import create_function
from components.aurora_data_platform.functions.identity import create_function_identity
from components.aurora_data_platform.functions.network import FunctionNetwork
from components.aurora_data_platform.functions.schedule import invoke_on_schedule
from components.aurora_data_platform.iam_policies.functions import setup_policy
from components.aurora_data_platform.naming import SetupNames
from components.database_functions.setup.settings import MASTER_SECRET_VARIABLE
from components.database_functions.setup.setup_event import APPLY, CHECK, DECLARATION_FILE

_DECLARATION_PATH = f"components/database_functions/setup/{DECLARATION_FILE}"


class SetupReport(TypedDict):
    """Result of a setup of databases and users."""

    changed: list[str]
    """Changes that it made, in order."""
    warnings: list[str]
    """Changes that may be unexpected, such as the adoption of an existing role."""
    remaining: list[str]
    """Differences that it does not change, each with the remedy."""


@dataclass(frozen=True)
class SetupResources:
    """Resources of the setup, for its monitoring and for what depends on it.

    Attributes:
        names: Physical names.
        log_group_name: Log group of the function.
        invocation: The setup of this deployment.
        report: Result of that setup.
    """

    names: SetupNames
    log_group_name: pulumi.Output[str]
    invocation: pulumi.Resource
    report: pulumi.Output[SetupReport]


def set_up_databases(
    name: str,
    args: AuroraDataPlatformArgs,
    *,
    parent: pulumi.Resource,
    master_secret_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    network: FunctionNetwork,
    cluster_resource_id: pulumi.Input[str],
    after: Sequence[pulumi.Resource],
) -> SetupResources:
    """Create the setup function, invoke it, and schedule its check.

    The deployment invokes it when the declaration, the function or the cluster changes. If the
    function fails, the deployment fails with its message.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        parent: Parent of the resources.
        master_secret_arn: The secret that the function logs in with.
        key_arn: KMS key of the secret, the log and the dead-letter queue.
        network: Network of the function.
        cluster_resource_id: Resource ID of the cluster; a restored cluster has another.
        after: What the function needs: an instance, and a master password that works.
    """
    settings, names = args.settings, args.settings.names.setup
    purpose = f"Databases and users of {settings.names.cluster}"
    identity = create_function_identity(
        f"{name}-setup",
        settings,
        parent=parent,
        names=names,
        purpose=purpose,
        key_arn=key_arn,
        arns={"master": master_secret_arn},
        permissions=lambda arns: setup_policy(
            args.scope,
            master_secret_arn=arns["master"],
            key_arn=arns["key"],
            log_group=names.log_group,
            dead_letters_arn=arns["dead_letters"],
        ),
    )
    declaration = declaration_of(settings)
    function = create_function(
        f"{name}-setup",
        settings,
        parent=parent,
        names=names,
        purpose=purpose,
        handler=package.SETUP_HANDLER,
        timeout_seconds=package.SETUP_TIMEOUT_SECONDS,
        environment={MASTER_SECRET_VARIABLE: master_secret_arn},
        identity=identity,
        network=network,
        key_arn=key_arn,
        files={_DECLARATION_PATH: json.dumps(declaration, indent=1, sort_keys=True)},
    )
    invocation = aws.lambda_.Invocation(
        f"{name}-setup",
        function_name=function.name,
        input=json.dumps({"Mode": APPLY, "Declaration": declaration}, sort_keys=True),
        triggers={"function": function.code_sha256, "cluster": cluster_resource_id},
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[*after, *network.dependencies]),
    )
    if settings.users_check_schedule:
        invoke_on_schedule(
            f"{name}-setup-check",
            settings,
            parent=parent,
            name=names.check_rule,
            description=f"{purpose} are as declared",
            schedule=settings.users_check_schedule,
            function_arn=function.arn,
            function_name=function.name,
            event=json.dumps({"Mode": CHECK}),
            statement_id="ScheduleChecksDatabases",
            # The deployment's own setup comes first.
            after=[invocation],
        )
    report = invocation.result.apply(json.loads)
    return SetupResources(names, function.log_group_name, invocation, report)
