"""Paths of values on the architecture page, followed by running the program."""

import importlib
import json
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from types import FrameType
from typing import TypeVar

import pulumi.runtime
import pytest

from components.aurora_data_platform import AuroraDataPlatform, PlatformSettings
from components.database_functions.database import Database
from components.database_functions.setup.handler import run
from components.database_functions.setup.settings import SetupSettings
from program.config import StackValues, read_config
from program.lookups import resolve_lookups
from tools.repository import ROOT
from tools.testing.databases import VERBOSE, running_database
from tools.testing.packages import NETWORK, construct
from tools.testing.recorder import PASSWORD, Recording, record, revealed, stack_config
from tools.testing.secrets_manager import InMemorySecretsManager

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
NOW = datetime(2026, 11, 27, tzinfo=UTC)
MASTER_SECRET = "arn:aws:secretsmanager:us-east-2:123456789012:secret:master"
Station = tuple[str, str]
"""Function and file."""
Result = TypeVar("Result")


def stations(section: str) -> list[Station]:
    """Functions and files in the tables of a section, in order."""
    text = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `([\w.]+)` \| `([\w/]+\.py)` \|", text, re.MULTILINE)


SETTING = stations("The path of a setting")
PASSWORDS = stations("The path of the master password")
USERS = stations("The path of a user")
ARGUMENT = stations("The path of an argument of the package")


def traced(call: Callable[[], Result], wanted: list[Station]) -> tuple[Result, list[Station]]:
    """Run and return the wanted functions in the order of their first calls."""
    calls: list[Station] = []
    known = {(name, str(ROOT / path)): (name, path) for name, path in wanted}

    def spy(frame: FrameType, event: str, _: object) -> None:
        # Most events are of other kinds.
        if event == "call":
            code = frame.f_code
            station = known.get((code.co_qualname, code.co_filename))
            if station and station not in calls:
                calls.append(station)

    sys.setprofile(spy)
    try:
        return call(), calls
    finally:
        sys.setprofile(None)


def test_a_setting_passes_through_the_functions_of_the_page_with_their_types_and_values() -> None:
    def build() -> None:
        pulumi.runtime.set_all_config(stack_config("dev"))
        stack = StackValues.from_pulumi_config()
        assert stack.values["auroraMaxCapacity"] == "128"
        settings, lookups = read_config(stack)
        assert type(settings) is PlatformSettings
        assert (type(settings.aurora_max_capacity), settings.aurora_max_capacity) == (float, 128.0)
        args = resolve_lookups(settings, lookups, stack.stack_file, now=NOW)
        assert args.settings is settings
        AuroraDataPlatform("aurora", args)

    recording, calls = traced(lambda: record(build), SETTING)
    assert calls == SETTING
    assert len(calls) == 7
    assert recording.only(":Cluster").inputs["serverlessv2ScalingConfiguration"] == {
        "minCapacity": 0.5,
        "maxCapacity": 128.0,
    }


def test_an_argument_of_the_package_passes_through_the_functions_of_the_page() -> None:
    arguments = {"environment": "demo", "costCenter": "x", "network": dict(NETWORK)}
    valid = {**arguments, "capacity": {"auroraMaxCapacity": 128}}
    recording, calls = traced(lambda: construct(valid), ARGUMENT)
    assert calls == ARGUMENT[:4]
    capacity = recording.only(":Cluster").inputs["serverlessv2ScalingConfiguration"]
    assert capacity["maxCapacity"] == 128.0

    def rejected() -> pulumi.InputPropertiesError:
        with pytest.raises(pulumi.InputPropertiesError) as rejection:
            construct({**arguments, "capacity": {"auroraMaxCapacity": 0.7}})
        return rejection.value

    error, calls = traced(rejected, ARGUMENT)
    assert calls == [*ARGUMENT[:3], ARGUMENT[4]]
    (detail,) = error.errors or []
    assert detail["property_path"] == "capacity.auroraMaxCapacity"


def deployed(path: list[Station]) -> list[Station]:
    return [station for station in path if "database_functions" not in station[1]]


def build_dev() -> None:
    pulumi.runtime.set_all_config(stack_config("dev"))
    stack = StackValues.from_pulumi_config()
    args = resolve_lookups(*read_config(stack), stack.stack_file, now=NOW)
    AuroraDataPlatform("aurora", args)


@cache
def traced_dev() -> tuple[Recording, list[Station]]:
    return traced(lambda: record(build_dev), deployed(PASSWORDS + USERS))


def test_the_first_password_passes_through_the_functions_of_the_page() -> None:
    recording, traced_calls = traced_dev()
    calls = [call for call in traced_calls if call in PASSWORDS]
    assert calls == deployed(PASSWORDS)
    assert len(calls) == 6
    assert revealed(recording.only(":Cluster").inputs["masterPassword"]) == PASSWORD
    assert PASSWORD in revealed(recording.only(":SecretVersion").inputs["secretString"])


def test_a_user_passes_through_the_functions_of_the_page() -> None:
    recording, traced_calls = traced_dev()
    calls = [call for call in traced_calls if call in USERS]
    assert calls == deployed(USERS)
    assert len(calls) == 6
    declaration = json.loads(recording.only(":Invocation").inputs["input"])["Declaration"]
    assert list(declaration["users"]) == ["trialfinder_app"]


@pytest.mark.database
def test_a_setup_passes_through_the_functions_of_the_page() -> None:
    event = json.loads(record(build_dev).only(":Invocation").inputs["input"])
    in_lambda = [station for station in USERS if station not in deployed(USERS)]
    settings = SetupSettings(master_secret_arn=MASTER_SECRET)
    with running_database(VERBOSE) as database:
        secrets = InMemorySecretsManager()
        secrets.create(MASTER_SECRET, database.master.dump(), "1")
        client = Database(settings, certificates=database.certificates)
        report, calls = traced(lambda: run(event, secrets, client, settings), in_lambda)
    # Lambda calls the first one, which reads the environment of the function.
    assert calls == in_lambda[1:]
    assert "user trialfinder_app: created" in report["changed"]


def test_every_function_of_the_page_exists() -> None:
    def exists(station: Station) -> bool:
        name, path = station
        found: object = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        for part in name.split("."):
            found = getattr(found, part, None)
        return callable(found)

    stations = [*SETTING, *PASSWORDS, *USERS, *ARGUMENT]
    assert [station for station in stations if not exists(station)] == []


def test_every_folder_in_the_table_of_modules_exists() -> None:
    table = PAGE.split("## Modules\n")[1].split("\n## ")[0]
    folders = re.findall(r"^\| `([\w/]+/)` \|", table, re.MULTILINE)
    assert len(folders) == 19
    assert [folder for folder in folders if not (ROOT / folder).is_dir()] == []
