"""Names of outputs and configuration keys in prose."""

import re
from collections.abc import Iterable, Set
from pathlib import Path

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


def unknown(pages: Iterable[Path], pattern: str, known: Set[str]) -> set[tuple[str, str]]:
    """Return names that a pattern finds in pages and that do not exist, each with its page."""
    named = {
        (str(page.relative_to(ROOT)), name)
        for page in pages
        for name in re.findall(pattern, page.read_text(encoding="utf-8"))
    }
    assert named
    return {each for each in named if each[1] not in known}


def test_a_command_names_an_output_or_a_key_that_exists() -> None:
    assert unknown(PROSE, r"stack output (\w+)", OUTPUTS) == set()
    assert unknown(PROSE, r"config set ([\w:]+)", SETTINGS | NOT_OURS) == set()


def test_a_key_with_a_value_is_a_key_that_exists() -> None:
    """`key: value` in backticks, as a stack file has it."""
    assert unknown(PROSE, r"`([a-z]\w*[A-Z]\w*): [^`]+`", KEYS) == set()


def test_a_client_example_names_outputs_that_exist() -> None:
    assert unknown(CLIENTS, r"`([a-z]+[A-Z]\w*)`", OUTPUTS) == set()


def test_the_clients_name_outputs_at_all() -> None:
    text = "".join(client.read_text(encoding="utf-8") for client in CLIENTS)
    assert {"masterSecretArn", "users", "clusterEndpoint"} <= set(re.findall(r"`(\w+)`", text))
