"""Names of outputs and configuration keys in prose."""

import re
from pathlib import Path

import pytest
from pydantic.alias_generators import to_camel

from components.aurora_data_platform import AuroraDataPlatform, PlatformSettings
from components.aurora_data_platform.settings.access import DatabaseDeclaration, UserDeclaration
from program.config import config_keys
from program.lookup_settings import LookupSettings
from tools.repository import ROOT

OUTPUTS = {to_camel(name) for name in AuroraDataPlatform.__annotations__}
SETTINGS = config_keys(PlatformSettings).keys() | config_keys(LookupSettings).keys()
PROSE = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted(ROOT.glob("docs/**/*.md"))]
CLIENTS = sorted((ROOT / "examples/clients").glob("*.py"))
ENTRIES = {
    to_camel(name)
    for model in (DatabaseDeclaration, UserDeclaration)
    for name in model.model_fields
}
"""Keys of an entry of `databases` or `users`."""
KEYS = SETTINGS | ENTRIES
NOT_OURS = {"KEY", "aws:region"}


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.stem)
def test_a_command_names_an_output_or_a_key_that_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    outputs = set(re.findall(r"stack output (\w+)", text))
    keys = set(re.findall(r"config set ([\w:]+)", text)) - NOT_OURS
    assert outputs <= OUTPUTS
    assert keys <= SETTINGS


@pytest.mark.parametrize("page", PROSE, ids=lambda page: page.stem)
def test_a_key_with_a_value_is_a_key_that_exists(page: Path) -> None:
    """`key: value` in backticks, as a stack file has it."""
    written = re.findall(r"`([a-z]\w*[A-Z]\w*): [^`]+`", page.read_text(encoding="utf-8"))
    assert set(written) <= KEYS


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.stem)
def test_a_client_example_names_outputs_that_exist(client: Path) -> None:
    named = re.findall(r"`([a-z]+[A-Z]\w*)`", client.read_text(encoding="utf-8"))
    assert set(named) <= OUTPUTS


def test_the_clients_name_outputs_at_all() -> None:
    text = "".join(client.read_text(encoding="utf-8") for client in CLIENTS)
    assert {"masterSecretArn", "users", "clusterEndpoint"} <= set(re.findall(r"`(\w+)`", text))
