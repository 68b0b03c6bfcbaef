"""Tasks whose container runs as a process of this machine."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.ecs.models import Task
from moto.moto_api import state_manager
from moto.secretsmanager.exceptions import SecretsManagerClientError

from emulator.aws.databases import CA_VARIABLE
from emulator.aws.errors import reject
from emulator.aws.moto_adapter import one_at_a_time
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.registry import patch_operations
from emulator.containers import container, images

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class _End:
    """How a task ended: ECS's stop code and reason, and its container's exit status, if any."""

    code: str
    reason: str
    exit_status: int | None = None


_ended: dict[str, _End | None] = {}
"""By task ARN; None while its container runs."""


@patch_operations(
    "ecs:RunTask",
    moto_behaviour="no container runs; a task stops by itself when it is described often enough",
    aws="the container of the task runs with its environment and secrets, and the task stops when "
    "it ends; a task whose image, secret or log group cannot be used stops without running",
    source="ECS developer guide, Stopped tasks error messages; Pass Secrets Manager secrets "
    "through environment variables; ECS API reference, Container (exitCode)",
    test="ecs/test_tasks::test_a_task_runs_its_container_with_environment_and_secrets",
)
def run_task(call: Call, proceed: Proceed) -> Answer:
    """Start the containers.

    Not emulated: tasks of services, more than one container, overrides, and the network.
    """
    definition: Any = call.ecs.describe_task_definition(call.params["taskDefinition"])
    if len(definition.container_definitions) > 1:
        reject("NotImplemented", "the emulated AWS runs tasks with one container only")
    if call.params.get("overrides"):
        reject("NotImplemented", "the emulated AWS runs tasks without overrides only")
    (container_definition,) = definition.container_definitions
    # Moto adds up the memory of containers, which are not required to have one on Fargate.
    with_memory = {"memoryReservation": 0, **container_definition}
    definition.container_definitions = [with_memory]
    try:
        result = proceed()
    finally:
        definition.container_definitions = [container_definition]
    for task in members_of(result)["tasks"]:
        _start(call, task, container_definition)
        _show(task)
    return result


@patch_operations(
    "ecs:DescribeTasks",
    moto_behaviour="every description moves a task to its next status; all end with status 0",
    aws="a task is RUNNING until its essential container ends, then it is STOPPED with the "
    "container's exit code, a stop code and a reason",
    source="ECS developer guide, Amazon ECS task lifecycle; Stopped tasks error messages",
    test="ecs/test_tasks::test_a_failed_container_stops_its_task_with_its_exit_code",
)
def describe_tasks(call: Call, proceed: Proceed) -> Answer:  # noqa: ARG001 - the handler's form
    """Describe the tasks as their processes are."""
    state_manager.set_transition("ecs::task", {"progression": "manual", "times": sys.maxsize})
    result = proceed()
    for task in members_of(result)["tasks"]:
        if task.task_arn in _ended:
            _show(task)
    return result


def _show(task: Any) -> None:
    """Set the members of moto's task that its description contains."""
    end = _ended[task.task_arn]
    (shown,) = task.containers
    task.last_status = shown.last_status = "STOPPED" if end else "RUNNING"
    task.desired_status = task.last_status
    shown.exitCode = end and end.exit_status
    if end:
        task.stop_code, task.stopped_reason = end.code, end.reason


def _start(call: Call, task: Task, definition: Mapping[str, Any]) -> None:
    arn = task.task_arn
    image = images.find(definition["image"], os.environ)
    if image is None:
        reason = f"CannotPullContainerError: pull image manifest: {definition['image']}: not found"
        _ended[arn] = _End("TaskFailedToStart", reason)
        return
    stream = _LogStream.of(call, task, definition)
    if stream and stream.group not in call.logs.groups:
        reason = "ResourceInitializationError: failed to validate logger args: The specified log "
        _ended[arn] = _End("TaskFailedToStart", f"{reason}group does not exist.")
        return
    certificate = os.environ.get(CA_VARIABLE)
    trusting = {"PGSSLROOTCERT": certificate} if certificate else {}
    image = images.Image(image.folder, {**image.environment, **trusting})
    try:
        process = container.start(
            definition, image, region=call.region, url=call.server_url, read=_reader(call)
        )
    except (container.SecretError, SecretsManagerClientError) as error:
        reason = "ResourceInitializationError: unable to pull secrets or registry auth: "
        _ended[arn] = _End("TaskFailedToStart", f"{reason}{error}")
        return
    except OSError as error:
        reason = f"CannotStartContainerError: {error.strerror}: {error.filename}"
        _ended[arn] = _End("TaskFailedToStart", reason)
        return
    _ended[arn] = None
    threading.Thread(target=_wait, args=(arn, process, stream), daemon=True).start()


def _wait(arn: str, process: "subprocess.Popen[str]", stream: "_LogStream | None") -> None:
    output, _ = process.communicate()
    # Moto's state is changed like a request changes it.
    with one_at_a_time.request():
        if stream:
            stream.write(output)
        else:
            _LOG.info("output of %s:\n%s", arn, output)
        reason = "Essential container in task exited"
        _ended[arn] = _End("EssentialContainerExited", reason, process.returncode)


def _reader(call: Call) -> container.SecretReader:
    def read(arn: str, stage: str, version: str) -> str:
        current = "" if version else "AWSCURRENT"
        found = call.secrets.get_secret_value(arn, version, stage or current)
        return str(found["SecretString"])

    return read


@dataclass(frozen=True)
class _LogStream:
    """The log stream of a container with the driver `awslogs`."""

    call: Call
    group: str
    name: str

    @classmethod
    def of(cls, call: Call, task: Task, definition: Mapping[str, Any]) -> "_LogStream | None":
        options = definition.get("logConfiguration", {}).get("options", {})
        if "awslogs-group" not in options:
            return None
        name = f"{options['awslogs-stream-prefix']}/{definition['name']}/{task.id}"
        return cls(call, options["awslogs-group"], name)

    def write(self, output: str) -> None:
        logs, now = self.call.logs, int(time.time() * 1000)
        logs.create_log_stream(self.group, self.name)
        events = [{"timestamp": now, "message": line} for line in output.splitlines()]
        if events:
            logs.put_log_events(self.group, self.name, events)
