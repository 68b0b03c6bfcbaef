"""The changes that are previewed for docs/settings-impact.md."""

from components.aurora_data_platform import PlatformSettings
from program.config import config_keys
from program.lookup_settings import LookupSettings
from tools.settings_impact.attribution import batches
from tools.settings_impact.impact import changes
from tools.settings_impact.page import PAGE


def test_every_configuration_key_has_a_change() -> None:
    keys = config_keys(PlatformSettings).keys() | config_keys(LookupSettings).keys()
    assert changes().keys() == keys


def test_a_key_without_a_change_has_a_note() -> None:
    assert [key for key, each in changes().items() if each.value is None and not each.note] == []


def test_every_key_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [key for key in changes() if f"| `{key}` |" not in text] == []


def test_changes_of_the_same_property_are_previewed_apart() -> None:
    effects = {
        "capacity": frozenset({("cluster", "scaling")}),
        "port": frozenset({("cluster", "port"), ("rule", "port")}),
        "minimum": frozenset({("cluster", "scaling"), ("alarm", "threshold")}),
        "rules": frozenset({("rule", "")}),
    }
    assert batches(effects) == [["capacity", "port"], ["minimum", "rules"]]
