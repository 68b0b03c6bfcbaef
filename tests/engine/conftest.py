"""One rehearsal for all engine tests, with its own folder, engine and emulated AWS."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import Stack

from emulator.containers import IMAGES_VARIABLE, Image, dump_images
from emulator.testing.requests import REGION, connect
from rehearsal import Rehearsal, landing_zone
from tests.engine.variables import FASTER
from tools.repository import ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/engine/"):
            item.add_marker(pytest.mark.engine)


IMAGES = {"orders": Image(ROOT / "examples/ecs_service/image", {"PYTHONPATH": str(ROOT)})}
"""The container images of the examples, as their Dockerfiles make them."""


@pytest.fixture(scope="session", autouse=True)
def variables() -> Iterator[None]:
    """Set a day on which AWS still creates clusters with version 17.4, and the images."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EMULATOR_TODAY", "2026-11-25")
        for name, value in FASTER.items():
            patch.setenv(name, value)
        patch.setenv(IMAGES_VARIABLE, dump_images(IMAGES))
        yield


@pytest.fixture(scope="session")
def rehearsal(variables: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    started = Rehearsal(tmp_path_factory.mktemp("rehearsal"))
    started.start_aws()
    # A file in place of the folder keeps the CLI from writing logs, a tenth of its CPU time.
    Path(started.environment()["PULUMI_HOME"], "logs").touch()
    landing_zone.seed(started.aws.url, REGION)
    yield started
    started.stop()


@pytest.fixture(scope="session")
def client(rehearsal: Rehearsal) -> Callable[[str], Any]:
    @cache
    def get(service: str) -> Any:
        return connect(service, rehearsal.aws.url, REGION)

    return get


@pytest.fixture
def scratch(rehearsal: Rehearsal) -> Iterator[Callable[..., Stack]]:
    """Return a factory of stacks like dev, each named after its platform and removed at the end.

    Calling it again with the same name reconfigures the same stack.
    """
    stacks: dict[str, Stack] = {}

    def make(name: str, **changes: Any) -> Stack:
        stacks[name] = rehearsal.stack(name, {"platformName": name, **changes}, like="dev")
        return stacks[name]

    yield make
    for stack in stacks.values():
        stack.destroy()
        stack.workspace.remove_stack(stack.name)
