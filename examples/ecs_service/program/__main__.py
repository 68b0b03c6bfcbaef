"""The application team's stack: a service that uses a deployed platform.

A deployment first runs the migrations as a task of their own. If they fail, the deployment fails,
and the service keeps its version.
"""

import json
from collections.abc import Mapping
from typing import Any, cast

import boto3
import pulumi
import pulumi_aws as aws

SERVICE = "orders"
MIGRATIONS = f"{SERVICE}-migrations"

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
platform = pulumi.StackReference(config.require("platformStack"))
# `require_output` fails on a misspelled name; `get_output` would return nothing.
users = platform.require_output("users")
image = config.require("image")


def declared(user: str, authentication: str) -> pulumi.Output[dict[str, Any]]:
    """Return the platform's output of a declared user with `iam` or `password`.

    Raises:
        ValueError: the platform declares no such user; the message lists those that it declares.
    """

    def find(found: dict[str, Any]) -> dict[str, Any]:
        fitting = [name for name in found if found[name]["authentication"] == authentication]
        if user not in fitting:
            message = (
                f"the platform declares no user {user!r} with authentication {authentication}; "
                f"with it: {', '.join(sorted(fitting)) or 'none'}"
            )
            raise ValueError(message)
        return found[user]

    return users.apply(find)


def role(
    name: str, policy_arns: Mapping[str, pulumi.Input[str]]
) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    """Create a role that ECS tasks assume, and attach policies by logical name.

    The role alone does not wait for its policies: what starts tasks depends on the attachments.
    """
    trust = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    created = aws.iam.Role(
        name,
        name=name,
        assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
    )
    attached = [
        aws.iam.RolePolicyAttachment(f"{name}-{policy}", role=created.name, policy_arn=arn)
        for policy, arn in policy_arns.items()
    ]
    return created, attached


def secret_policy(name: str, user: pulumi.Output[dict[str, Any]]) -> pulumi.Output[str]:
    """Create a policy that allows reading a user's secret, and return its ARN."""
    via = f"secretsmanager.{region}.amazonaws.com"

    def document(values: list[Any]) -> str:
        read = {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": values[0]["secretArn"],
        }
        decrypt = {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": values[1],
            "Condition": {"StringEquals": {"kms:ViaService": via}},
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [read, decrypt]})

    key_arn = platform.require_output("kmsKeyArn")
    text = pulumi.Output.all(user, key_arn).apply(document)
    return aws.iam.Policy(name, name=name, policy=text).arn


def container(
    name: str,
    command: list[str],
    environment: Mapping[str, pulumi.Input[str]],
    secrets: Mapping[str, pulumi.Input[str]] | None = None,
) -> pulumi.Output[str]:
    """Return the container definitions of a task with one container."""

    def pairs(values: dict[str, str], member: str) -> list[dict[str, str]]:
        return [{"name": key, member: value} for key, value in values.items()]

    def definition(values: list[Any]) -> str:
        group, variables, injected = values
        options = {
            "awslogs-group": group,
            "awslogs-region": region,
            "awslogs-stream-prefix": "ecs",
        }
        return json.dumps(
            [
                {
                    "name": name,
                    "image": image,
                    "command": command,
                    "essential": True,
                    "environment": pairs(variables, "value"),
                    "secrets": pairs(injected, "valueFrom"),
                    "logConfiguration": {"logDriver": "awslogs", "options": options},
                }
            ]
        )

    return pulumi.Output.all(log_group.name, dict(environment), dict(secrets or {})).apply(
        definition
    )


def task_definition(
    family: str, containers: pulumi.Output[str], task_role: aws.iam.Role | None = None
) -> aws.ecs.TaskDefinition:
    """Create a task definition for Fargate."""
    return aws.ecs.TaskDefinition(
        f"{family}-task-definition",
        family=family,
        requires_compatibilities=["FARGATE"],
        network_mode="awsvpc",
        cpu="256",
        memory="512",
        execution_role_arn=execution_role.arn,
        task_role_arn=task_role.arn if task_role else None,
        container_definitions=containers,
    )


def migrate(hook: pulumi.ResourceHookArgs) -> None:
    """Run the migrations before the service changes.

    Raises:
        RuntimeError: they failed or were not started; the message has the reason or the end of the
            log.
    """
    service = hook.new_inputs or {}
    task = run_migrations(service)
    # IAM is eventually consistent: a policy that was just attached may not be effective yet. The
    # container has not run.
    if task["stoppedReason"].startswith("ResourceInitializationError"):
        task = run_migrations(service)
    if task["containers"][0].get("exitCode") != 0:
        stream = f"ecs/{MIGRATIONS}/{task['taskArn'].rpartition('/')[2]}"
        message = f"the migrations failed: {task['stoppedReason']}\n{log_end(stream)}"
        raise RuntimeError(message)


def run_migrations(service: Mapping[str, Any]) -> dict[str, Any]:
    """Run the migrations' task in a service's network, and return the task after its end.

    Raises:
        RuntimeError: ECS did not place the task; the message has the reasons.
    """
    client = cast("Any", boto3).client("ecs", region_name=region)
    network = service["networkConfiguration"]
    placed = client.run_task(
        cluster=service["cluster"],
        taskDefinition=MIGRATIONS,
        launchType="FARGATE",
        networkConfiguration={
            "awsvpcConfiguration": {key: network[key] for key in ("subnets", "securityGroups")}
        },
        startedBy="pulumi",
    )
    if not placed["tasks"]:
        reasons = ", ".join(failure["reason"] for failure in placed["failures"])
        message = f"the migrations were not started: {reasons}"
        raise RuntimeError(message)
    arn = placed["tasks"][0]["taskArn"]
    pulumi.log.info(f"migrations: {arn}")
    waited = {"cluster": service["cluster"], "tasks": [arn]}
    patience = {"Delay": 2, "MaxAttempts": 900}
    client.get_waiter("tasks_stopped").wait(**waited, WaiterConfig=patience)
    (task,) = client.describe_tasks(**waited)["tasks"]
    return task


def log_end(stream: str) -> str:
    """Return the last lines of a log stream; none if the task did not start."""
    client = cast("Any", boto3).client("logs", region_name=region)
    try:
        events = client.get_log_events(logGroupName=LOG_GROUP, logStreamName=stream, limit=20)
    except client.exceptions.ResourceNotFoundException:
        return f"{LOG_GROUP} has no {stream}"
    return "\n".join(event["message"] for event in events["events"])


LOG_GROUP = f"/ecs/{SERVICE}"
log_group = aws.cloudwatch.LogGroup(f"{SERVICE}-log", name=LOG_GROUP, retention_in_days=30)

database = {
    "PGHOST": platform.require_output("clusterEndpoint"),
    # A number of another stack arrives as 5432.0.
    "PGPORT": platform.require_output("port").apply(lambda port: str(int(port))),
    "PGSSLMODE": "verify-full",
}
user_name, authentication = config.require("databaseUser"), config.get("login") or "password"
user = declared(user_name, authentication)
migrations_user = declared(config.require("migrationsUser"), "password")

if authentication == "iam":
    access = {"connect": user.apply(lambda found: found["connectPolicyArn"])}
    login = {"PGUSER": pulumi.Output.from_input(user_name)}
else:
    access = {"secret": secret_policy(f"{SERVICE}-secret", user)}
    # The ARN, not the password: the service reads it again after a rotation.
    login = {"DATABASE_SECRET_ARN": user.apply(lambda found: found["secretArn"])}

execution_role, execution_policies = role(
    f"{SERVICE}-execution-role",
    {
        "ecs": "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
        "secret": secret_policy(f"{MIGRATIONS}-secret", migrations_user),
    },
)
task_role, task_policies = role(f"{SERVICE}-task-role", access)


def injected(key: str) -> pulumi.Output[str]:
    """Return the reference to a key of the migrations' secret, which ECS reads at each start."""
    return migrations_user.apply(lambda found: f"{found['secretArn']}:{key}::")


migrations = task_definition(
    MIGRATIONS,
    container(
        MIGRATIONS,
        ["python", "-m", "orders.locked", "alembic", "upgrade", "head"],
        {**database, "PGDATABASE": migrations_user.apply(lambda found: found["databases"][0])},
        {"PGUSER": injected("username"), "PGPASSWORD": injected("password")},
    ),
)
serving = task_definition(
    SERVICE,
    container(
        SERVICE,
        ["python", "-m", "orders.serve"],
        {**database, **login, "PGDATABASE": user.apply(lambda found: found["databases"][0])},
    ),
    task_role=task_role,
)
cluster = aws.ecs.Cluster(f"{SERVICE}-cluster", name=SERVICE)
before_each_version = pulumi.ResourceHook("migrate", migrate)
service = aws.ecs.Service(
    f"{SERVICE}-service",
    name=SERVICE,
    cluster=cluster.arn,
    launch_type="FARGATE",
    desired_count=config.get_int("desiredCount") or 2,
    task_definition=serving.arn,
    network_configuration={
        "subnets": config.require_object("subnetIds"),
        "security_groups": [config.require("securityGroupId")],
    },
    wait_for_steady_state=True,
    opts=pulumi.ResourceOptions(
        depends_on=[*execution_policies, migrations, *task_policies],
        hooks=pulumi.ResourceHookBinding(
            before_create=[before_each_version], before_update=[before_each_version]
        ),
    ),
)

pulumi.export("serviceArn", service.arn)
pulumi.export("taskDefinitionArn", serving.arn)
pulumi.export("logGroup", log_group.name)
