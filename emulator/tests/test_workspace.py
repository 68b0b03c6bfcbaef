"""A workspace with Pulumi's own plugins: the guard before the first request of a deployment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import boto3
import pytest

from emulator import workspace
from emulator.aws.server import RunningServer
from emulator.engine import Engine
from emulator.process import AwsProcess
from emulator.provider import RejectedError
from emulator.workspace import ForeignAccountError, Workspace

pytestmark = pytest.mark.emulator

Open = Callable[[str], Workspace]


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Return a function that opens a workspace whose emulated AWS seems to be at a URL."""
    monkeypatch.setenv("EMULATOR_PLUGIN", "official")

    def install(home: Path, _engine: Engine) -> dict[str, str]:
        return {"PULUMI_HOME": str(home)}

    def opened(url: str) -> Workspace:
        monkeypatch.setattr(workspace, "install_official_plugins", install)
        monkeypatch.setattr(AwsProcess, "url", url)
        monkeypatch.setattr(AwsProcess, "providers", "127.0.0.1:1")
        found = Workspace(tmp_path)
        vars(found)["engine"] = Engine(Path("/bin/true"), Path("/bin"), "3.999.0", "path")
        return found

    return opened


def test_a_deployment_with_official_plugins_reaches_the_emulated_account(
    official: Open, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = official(server.url).environment()
    assert environment["AWS_ENDPOINT_URL"] == server.url
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session = cast("Any", boto3.Session(region_name="us-east-2"))
    assert session.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_another_account_is_not_deployed_to(
    official: Open, server: RunningServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "EMULATED_ACCOUNT", "999999999999")
    with pytest.raises(ForeignAccountError) as caught:
        official(server.url).environment()
    assert str(caught.value) == (
        f"{server.url} answers for account 123456789012, not for the emulated AWS"
    )


def test_an_endpoint_outside_this_machine_is_rejected(official: Open) -> None:
    with pytest.raises(RejectedError, match="is not on this machine"):
        official("http://192.0.2.1:4566").environment()


def test_without_the_variable_the_emulated_providers_are_used(tmp_path: Path) -> None:
    assert not Workspace(tmp_path).is_official
