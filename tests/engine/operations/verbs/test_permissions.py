"""The IAM actions of each verb, and that no output contains a password."""

import copy
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from operations.checks.catalogue import calls, readers
from operations.checks.facts.reading import Facts
from tests.engine.operations.conftest import Command
from tests.engine.operations.verbs.conftest import context, passwords
from tests.operations.defects.backups import declare_backups
from tests.operations.defects.deployed import Deployed
from tests.operations.fault_proxy import FaultProxy
from tools.repository import ROOT, read_yaml

PERMISSIONS = ROOT / "operations/verbs/permissions.yaml"
LISTED: dict[str, list[str]] = read_yaml(PERMISSIONS)
NOTICE = """# IAM actions of each verb besides sts:GetCallerIdentity, as recorded against the emulated AWS. Rewrite
# it with `pytest tests/engine/operations --update-golden`.
"""
READING = (
    *("status", "verify", "inspect roles", "rotate status", "cost", "upgrade check"),
    *("connect --print env", "connect --print url --user master", "report", "users"),
)
CHANGING = ("users --apply", "rotate --apply", "drill restore --apply", "drill sweep --apply")


@pytest.mark.parametrize("verb", [*READING, *CHANGING])
def test_no_output_contains_a_password_and_the_permissions_are_those_listed(
    command: Command,
    deployed: Deployed,
    environment: FaultProxy,
    folder: Path,
    verb: str,
    request: pytest.FixtureRequest,
) -> None:
    before = passwords(deployed)
    environment.calls.clear()
    with_plan = copy.deepcopy(deployed.outputs)
    declare_backups(with_plan)
    ended = command(*verb.split(), outputs=with_plan)
    actions = sorted(set(environment.actions) - {"sts:GetCallerIdentity"})
    if request.config.getoption("--update-golden"):
        LISTED[verb] = actions
        PERMISSIONS.write_text(f"{NOTICE}{yaml.safe_dump(LISTED)}", encoding="utf-8")
    assert actions == LISTED[verb]
    texts = [ended.out, ended.err]
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            texts += [archive.read(name).decode() for name in archive.namelist()]
    for text in texts:
        assert [each for each in (*before, *passwords(deployed)) if each in text] == []


def test_every_listed_verb_is_recorded() -> None:
    assert LISTED.keys() == {*READING, *CHANGING}


@pytest.mark.parametrize("fact", calls())
def test_a_fact_calls_what_the_catalogue_lists(
    environment: FaultProxy, deployed: Deployed, fact: str
) -> None:
    with_plan = copy.deepcopy(deployed.outputs)
    declare_backups(with_plan)
    deployed.client("backup").create_backup_vault(BackupVaultName="dev-aurora-backups-ue2")
    try:
        own = context(replace(deployed, outputs=with_plan))
        with Facts(readers(), own.aws, own.outputs) as facts:
            facts.get(fact)
    finally:
        deployed.client("backup").delete_backup_vault(BackupVaultName="dev-aurora-backups-ue2")
    assert set(environment.actions) == set(calls()[fact]) - {"tcp"}
