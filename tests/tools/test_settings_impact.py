"""The changes that are previewed for docs/settings-impact.md."""

import pytest

from components.aurora_data_platform import PlatformSettings
from program.config import config_keys
from program.lookup_settings import LookupSettings
from tests.engine.plans import Step
from tools.settings_impact import impact
from tools.settings_impact.attribution import Effect, batches
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


def effect(*inputs: str) -> frozenset[Effect]:
    """Inputs as `resource:path`; without a path, the resource is created or deleted."""
    return frozenset((name, path) for name, _, path in (each.partition(":") for each in inputs))


EFFECTS = {
    "capacity": effect("p-cluster:scaling", "p-dashboard:dashboardBody"),
    "port": effect("p-cluster:port", "p-rule:port"),
    "minimum": effect("p-cluster:scaling.min", "p-dashboard:dashboardBody"),
    "rules": effect("p-rule"),
    "team": effect("p-cluster:tags.Team"),
    "project": effect("p-cluster:tags.Project"),
}


def test_changes_of_the_same_input_are_previewed_apart() -> None:
    assert batches(EFFECTS, "p") == [["capacity", "port", "team", "project"], ["minimum", "rules"]]


def test_interacting_changes_are_previewed_apart() -> None:
    apart = [frozenset({"port", "project"})]
    assert batches(EFFECTS, "p", apart) == [
        ["capacity", "port", "team"],
        ["minimum", "rules", "project"],
    ]


def attributed(step: Step, *settings: str) -> dict[str, impact.Step]:
    return impact.attributed("p-cluster", step, {key: EFFECTS[key] for key in settings})


def test_a_replacement_is_attributed_to_the_setting_that_requires_it() -> None:
    step = Step("replace", replacing=("port",), paths=("port", "tags.Team"))
    assert attributed(step, "port", "team") == {
        "port": impact.Step("replace", ("port",)),
        "team": impact.Step("update", ("tags",)),
    }


def test_an_input_that_no_setting_reaches_is_reported() -> None:
    step = Step("update", paths=("port", "tags.Owner"))
    with pytest.raises(impact.UnattributedError, match=r"p-cluster: update of tags\.Owner"):
        attributed(step, "port", "team")


def test_a_creation_that_no_setting_by_itself_causes_is_reported() -> None:
    with pytest.raises(impact.UnattributedError, match="p-cluster: create"):
        attributed(Step("create"), "port")


def test_changes_that_interact_are_reported() -> None:
    together = EFFECTS["port"] | EFFECTS["team"] | effect("p-alarm")
    with pytest.raises(impact.UnattributedError, match=r"port, team interact: .*p-alarm"):
        impact.require_independence(["port", "team"], EFFECTS, together)
