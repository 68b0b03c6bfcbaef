"""Commands in runbooks: SQL runs on PostgreSQL 17, `aws` commands fit the service's API model.

No test shows that AWS does what a command requests.
"""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pulumi.runtime
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

from components.database_functions import errors
from tests.components.database_functions.setup.cluster import Cluster, declared
from tools.repository import ROOT
from tools.testing.databases import DATABASE, MASTER, PORT, VERBOSE, running_database
from tools.testing.programs import run_program
from tools.testing.recorder import record, stack_config

RUNBOOKS = ROOT / "docs/runbooks"
PAGES = [*sorted(RUNBOOKS.glob("**/*.md")), ROOT / "docs/first-deployment.md"]
OF_THE_COMMAND_LINE = {"query", "output", "cli-input-json", "cli-read-timeout"}
"""Options of the `aws` command itself."""


def blocks(page: Path, language: str) -> list[str]:
    """Fenced blocks, without the indent of the list that they are in."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text, re.MULTILINE | re.DOTALL)
    return ["\n".join(line.removeprefix(i) for line in body.splitlines()) for i, body in found]


def commands(page: Path) -> Iterator[list[str]]:
    """The words of each call of `aws`, wherever it stands in a line or a pipe."""
    for block in blocks(page, "sh"):
        for line in lines_of(block.replace("\\\n", " ")):
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.commenters = ""
            words: list[str] = []
            for word in [*lexer, "|"]:
                if word == "aws":
                    words = [word]
                elif words and set(word) <= set("|()&;"):
                    yield words
                    words = []
                elif words:
                    words.append(word)


def lines_of(block: str) -> Iterator[str]:
    """Lines, those with an open quotation mark taken together."""
    open_line = ""
    for line in block.splitlines():
        open_line += line + "\n"
        if open_line.count("'") % 2 == 0:
            yield open_line
            open_line = ""


STATEMENTS = [
    pytest.param(statement, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, statement in enumerate(blocks(page, "sql"), start=1)
]
COMMANDS = [(page.stem, words) for page in PAGES for words in commands(page)]


@pytest.fixture(scope="module")
def session() -> Iterator[psycopg.Connection]:
    with running_database(VERBOSE) as database:
        with database.server.superuser(DATABASE) as superuser:
            superuser.execute("CREATE EXTENSION pg_stat_statements")
        _remove_a_user_and_a_database(Cluster(database))
        with psycopg.connect(
            host=database.address,
            port=PORT,
            dbname=DATABASE,
            user=MASTER,
            password=database.master_password,
            sslmode="verify-full",
            sslrootcert=str(database.certificates),
            autocommit=True,
        ) as connection:
            yield connection


def _remove_a_user_and_a_database(cluster: Cluster) -> None:
    """Leave the cluster as the runbook finds it: a former user still owns a table."""
    kept: dict[str, dict[str, object]] = {"trialfinder": {}}
    access = {"former_app": {"access": "readwrite"}}
    cluster.apply(declared(access, {**kept, "former_orders": {}}))
    cluster.run("CREATE ROLE another_tool LOGIN")
    cluster.run("CREATE TABLE drafts (id int)")
    cluster.run("ALTER TABLE drafts OWNER TO former_app")
    report = cluster.apply(declared(databases=kept))
    assert [line.split(maxsplit=2)[:2] for line in report.remaining] == [
        ["user", "former_app"],
        ["user", "former_app_clone"],
        ["table", "public.drafts"],
    ]


@pytest.mark.database
@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_runs(session: psycopg.Connection, statement: str) -> None:
    session.execute(statement.encode())


def test_a_command_names_an_operation_and_members_that_it_has() -> None:
    assert [(page, words, *wrong) for page, words in COMMANDS if (wrong := mistakes(words))] == []


def mistakes(words: list[str]) -> list[str]:
    """Options of a command that its operation does not have, and required ones that are missing."""
    _, service, operation, *rest = words
    if operation == "wait":
        waiters = Loader().load_service_model(service, "waiters-2")["waiters"]
        polled = {xform_name(name, "-"): row["operation"] for name, row in waiters.items()}
        operation = xform_name(polled.get(rest[0], rest[0]), "-")
    if operation not in operations(service):
        return [f"no operation {operation}"]
    shape = operations(service)[operation].input_shape
    assert shape is not None
    members = {xform_name(member, "-") for member in shape.members}
    options = [word.removeprefix("--") for word in rest if word.startswith("--")]
    unknown = [name for name in options if name not in members | OF_THE_COMMAND_LINE]
    required = {xform_name(member, "-") for member in shape.required_members}
    missing: set[str] = set() if "cli-input-json" in options else required.difference(options)
    return [
        # Switches are written as --name or --no-name.
        *(f"no option {name}" for name in unknown if name.removeprefix("no-") not in members),
        *(f"{name} is missing" for name in missing),
    ]


@cache
def operations(service: str) -> dict[str, OperationModel]:
    """Operations of a service by the names of their commands."""
    model = ServiceModel(Loader().load_service_model(service, "service-2"))
    return {xform_name(name, "-"): model.operation_model(name) for name in model.operation_names}


def errors_in(page: str) -> set[str]:
    text = (RUNBOOKS / f"alarms/{page}.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(\w+Error)` \|", text, re.MULTILINE))


RAISED = {name for name in vars(errors) if name.endswith("Error")}
UNLISTED = {"FunctionError", "SettingsError", "EventError"}
"""The base class; and two that only a changed deployment or an event of somebody else can cause."""


def test_the_errors_of_a_failed_rotation_are_those_of_the_function() -> None:
    of_the_setup = {"DeclarationError", "SetupBusyError", "LoginRejectedError"}
    assert errors_in("rotation-failed") == RAISED - UNLISTED - of_the_setup


def test_the_errors_of_a_failed_setup_are_those_of_the_function() -> None:
    of_the_rotation = {"LockedOutError", "NotRotatableError", "SecretMismatchError"}
    assert errors_in("setup-failed") == RAISED - UNLISTED - of_the_rotation


def test_the_master_password_reaches_rds_through_a_pipe_only() -> None:
    page = (RUNBOOKS / "alarms/rotation-failed.md").read_text(encoding="utf-8")
    (repair,) = [
        block
        for block in blocks(RUNBOOKS / "alarms/rotation-failed.md", "sh")
        if "modify-db-cluster" in block
    ]
    # The AWS CLI reads the file of --cli-input-json twice, and a pipe only once.
    assert "--cli-input-json" not in page
    assert repair.split() == [
        "aws",
        "secretsmanager",
        "get-secret-value",
        "--secret-id",
        '"$SECRET"',
        "--query",
        "SecretString",
        "--output",
        "text",
        "|",
        "jq",
        "-j",
        ".password",
        "|",
        "aws",
        "rds",
        "modify-db-cluster",
        "--db-cluster-identifier",
        '"$CLUSTER"',
        "--apply-immediately",
        "\\",
        "--master-user-password",
        "file:///dev/stdin",
    ]


IMPORTS = [
    [cell.strip().strip("`") for cell in line.strip("|").split("|")]
    for line in (RUNBOOKS / "interrupted-deployment.md").read_text(encoding="utf-8").splitlines()
    if " | `aws:" in line
]
"""Error, type, logical name, parent and ID of a resource to import."""


def contract() -> dict[str, Any]:
    """Resources of dev by logical name."""
    golden = ROOT / "tests/components/aurora_data_platform/golden/contract.dev.json"
    return {row["name"]: row for row in json.loads(golden.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("row", IMPORTS, ids=lambda row: row[2])
def test_an_import_names_a_resource_with_its_type_and_parent(row: list[str]) -> None:
    _, kind, name, parent, identity = row
    resource = contract()[name]
    assert (resource["type"], resource["parent"]) == (kind, parent)
    if not identity.startswith(("the ", "sg")) and "SecretsManagerRotates" not in identity:
        assert identity in resource["physical"].values()


def test_every_type_whose_name_can_be_taken_has_an_import() -> None:
    overwritten = {
        *("compositeAlarm", "dashboard", "eventRule", "logMetricFilter", "metricAlarm"),
    }
    named = {row["type"] for row in contract().values() if row["physical"]}
    taken = {kind for kind in named if kind.split("/")[1].split(":")[0] not in overwritten}
    assert taken <= {kind for _, kind, *_ in IMPORTS}


def test_the_adopting_program_ignores_immutable_descriptions_and_nothing_else() -> None:
    (program,) = blocks(RUNBOOKS / "adopt-a-cluster.md", "python")

    def build() -> None:
        pulumi.runtime.set_all_config(stack_config("dev"))
        main = (ROOT / "__main__.py").read_text(encoding="utf-8")
        before = main.partition("\nplatform = ")[0]
        exec(compile(f"{before}\n{program}", "adopting", "exec"), {"__name__": "__main__"})  # noqa: S102

    adopting, plain = record(build), run_program("dev")
    changed = {
        name: (options.ignore_changes or [], plain.options[name].ignore_changes or [])
        for name, options in adopting.options.items()
        if options.ignore_changes != plain.options[name].ignore_changes
    }
    immutable = {
        each.name
        for each in plain.resources
        if each.type.endswith((":SecurityGroup", ":Policy", ":ClusterParameterGroup"))
    }
    assert changed == {name: (["description"], []) for name in immutable}
    assert len(immutable) == 9


def test_the_pages_have_statements_and_commands_at_all() -> None:
    assert (len(STATEMENTS), len(COMMANDS)) == (24, 107)
