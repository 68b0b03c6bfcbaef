"""Session Manager's name of an ECS task in which ECS Exec is enabled."""

from operations.aws.clients import AwsClients, Properties
from operations.errors import CannotRunError

_AGENT, _RUNNING = "ExecuteCommandAgent", "RUNNING"


def ecs_target(aws: AwsClients, name: str) -> str:
    """Return the managed node of a task, through the agent of ECS Exec.

    Args:
        aws: Clients of the task's region.
        name: `CLUSTER/TASK`, or `CLUSTER/TASK/CONTAINER` if one of several containers is meant.

    Raises:
        CannotRunError: the name has another form, or the agent does not run in the task.
        AwsCallError: the cluster does not exist.
    """
    cluster, _, rest = name.partition("/")
    task, _, container = rest.partition("/")
    if not cluster or not task:
        message = f"--target {name}: expected CLUSTER/TASK or CLUSTER/TASK/CONTAINER"
        raise CannotRunError(message)
    found = aws.call("ecs", "describe_tasks", cluster=cluster, tasks=[task])["tasks"]
    if not found:
        message = f"--target {name}: cluster {cluster} has no task {task}"
        raise CannotRunError(message)
    running = [
        each
        for each in found[0].get("containers", [])
        if each.get("runtimeId") and container in ("", each["name"]) and _has_agent(each)
    ]
    if not running:
        message = (
            f"--target {name}: ECS Exec is not running there; start the task with "
            "--enable-execute-command and a task role that may use ssmmessages"
        )
        raise CannotRunError(message)
    return f"ecs:{cluster}_{found[0]['taskArn'].rpartition('/')[2]}_{running[0]['runtimeId']}"


def _has_agent(container: Properties) -> bool:
    agents = container.get("managedAgents", [])
    return any(each["name"] == _AGENT and each.get("lastStatus") == _RUNNING for each in agents)
