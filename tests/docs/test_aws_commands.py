"""The documentation's `aws` commands, run by the AWS CLI against the emulated AWS.

What no test shows is that AWS itself answers as the emulated AWS does.
"""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

import pytest

from emulator.aws.server import RunningServer, serve
from emulator.isolation import scrub_environment
from emulator.testing.requests import REGION, connect
from tests.docs.seeded_account import (
    PREPARATIONS,
    Account,
    Platform,
    let_rds_manage_password,
    seed,
)
from tests.docs.test_runbooks import blocks
from tools.repository import ROOT, read_yaml

AWS_CLI = ROOT / ".aws-cli/bin/aws"
AWS_PYTHON = AWS_CLI.with_name("python")
FORKING = Path(__file__).with_name("forking_aws_cli.py")
FORKED = FORKING.with_name("forked_aws_cli.py")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_LISTED: dict[str, Any] = read_yaml(Path(__file__).with_name("aws_commands.yaml"))
NOT_EMULATED: dict[str, str] = _LISTED["not_emulated"]
SELECTS_LESS: dict[str, str] = _LISTED["selects_less"]
REJECTED = {(row["follows"], row["command"]): str(row["error"]) for row in _LISTED["rejected"]}
CALL = re.compile(r"(?:^|[|(;&]) *aws (\S+ \S+)", re.MULTILINE)

RECORDER = f"""#!/bin/sh
# Runs the AWS CLI and keeps the call. The AWS CLI 1 ignores AWS_ENDPOINT_URL for SQS.
call=$(mktemp -d "$CALLS/$(date +%s%N).XXXXXX")
for word; do printf '%s\\n' "$word"; done > "$call/words"
"{AWS_PYTHON}" -IS "{FORKED}" "$AWS_CLI" --endpoint-url "$EMULATED_AWS" "$@" \\
    > "$call/output" 2> "$call/error"
status=$?
printf %s "$status" > "$call/status"
cat "$call/output"
cat "$call/error" >&2
exit "$status"
"""

pytestmark = pytest.mark.emulator


@dataclass(frozen=True)
class Call:
    """One call of the AWS CLI and its answer."""

    words: list[str]
    status: int
    output: str
    error: str

    @property
    def name(self) -> str:
        """Service and operation."""
        return " ".join(self.words[:2])


def script_of(block: str) -> str:
    """Return the calls of `aws` and the assignments, without those of other tools' output."""
    joined = re.sub(r"\\\n *", "", block)
    joined = re.sub(r"\|\n *", "| ", joined)
    lines = [line.strip() for line in joined.splitlines()]
    return "\n".join(line for line in lines if CALL.search(line) or _is_assignment(line))


def _is_assignment(line: str) -> bool:
    return bool(re.match(r"(export )?[A-Z_]+=", line)) and "pulumi" not in line


BLOCKS = [
    pytest.param(page.relative_to(ROOT), block, id=f"{page.relative_to(ROOT)}-{number}")
    for page in PAGES
    for number, block in enumerate([*blocks(page, "sh"), *blocks(page, "shell")], start=1)
    if CALL.search(script_of(block))
]
SERVICES = sorted(
    {
        name.split()[0].replace("s3api", "s3")
        for block in BLOCKS
        for name in CALL.findall(script_of(str(block.values[1])))
    }
)
"""What the commands call, by botocore's names."""


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def aws_cli() -> Iterator[str]:
    """Return the socket of a process that forks one for each call of the AWS CLI."""
    assert AWS_CLI.is_file(), "the AWS CLI is not installed: run make .aws-cli/.ready"
    environment = dict(os.environ)
    scrub_environment(environment)
    with TemporaryDirectory(prefix="aws-cli-") as name:
        socket = f"{name}/socket"
        with subprocess.Popen(
            [AWS_PYTHON, FORKING, AWS_CLI, socket, *SERVICES],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as forking:
            assert forking.stdout
            assert forking.stdout.readline() == "ready\n"
            yield socket


@pytest.fixture
def account(server: RunningServer, page: Path) -> Account:
    """Return a new account for each page; the pages of alarms share one."""
    return _account(server, str(page.parent if page.parent.name == "alarms" else page))


@lru_cache(maxsize=1)
def _account(server: RunningServer, pages: str) -> Account:
    return seed_again(server)


def seed_again(server: RunningServer) -> Account:
    """Return a new account, the only one of the emulated AWS."""
    request = Request(f"{server.url}/moto-api/reset", method="POST")  # noqa: S310
    with urlopen(request) as answer:  # noqa: S310
        assert json.load(answer) == {"status": "ok"}

    @cache
    def client(service: str) -> Any:
        return connect(service, server.url, REGION)

    return seed(client)


def variables_of(platform: Platform) -> dict[str, str]:
    """Return what the tables of variables in the documentation assign."""
    return {
        "CLUSTER": platform.cluster,
        "SECRET": platform.secret,
        "KEY": platform.key,
        "FUNCTION": platform.function,
        "SETUP": platform.setup,
        "DEAD_LETTERS": platform.dead_letters,
        "GROUP": platform.security_group,
        "FROM": "2026-01-01T00:00:00Z",
        "UNTIL": "2026-01-01T01:00:00Z",
        "BEFORE": datetime.now(UTC).isoformat(),
        "FROM_MILLISECONDS": "1700000000000",
        "STATE_BUCKET": "pulumi-state-of-tests",
        "STATE_KEY_ID": platform.key,
        "AWS_REGION": REGION,
    }


def run(
    block: str,
    platform: Platform,
    account: Account,
    server: RunningServer,
    aws_cli: str,
    folder: Path,
) -> list[Call]:
    """Run the lines of a block in one shell and return the calls that they made, in order."""
    tools, calls = folder / "bin", folder / "calls"
    tools.mkdir()
    calls.mkdir()
    recorder = tools / "aws"
    recorder.write_text(RECORDER, encoding="utf-8")
    recorder.chmod(0o755)
    script = script_of(block)
    for word, value in account.placeholders.items():
        script = re.sub(rf"\b{word}\b", value, script)
    environment = dict(os.environ)
    scrub_environment(environment)
    environment |= variables_of(platform) | {
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CLI": aws_cli,
        "EMULATED_AWS": server.url,
        "AWS_MAX_ATTEMPTS": "1",
        "CALLS": str(calls),
        "PATH": f"{tools}{os.pathsep}{environment['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-uc", script],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "command not found" not in done.stderr, done.stderr
    assert "unbound variable" not in done.stderr, done.stderr
    # A pipe starts its calls at once; what they read comes from the call before.
    return [read_call(each) for each in sorted(calls.iterdir())]


def read_call(folder: Path) -> Call:
    words, status, output, error = (
        (folder / name).read_text(encoding="utf-8")
        for name in ("words", "status", "output", "error")
    )
    return Call(words.splitlines(), int(status), output, error)


def selected(call: Call) -> object:
    """Return what `--query` selected."""
    if "text" in call.words:
        return None if call.output.strip() in {"", "None"} else call.output
    return json.loads(call.output)


def is_complete(value: object) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(is_complete, value))  # pyright: ignore[reportUnknownArgumentType]
    return value is not None


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_the_commands_of_a_block_succeed(
    page: Path,
    block: str,
    account: Account,
    server: RunningServer,
    aws_cli: str,
    tmp_path: Path,
) -> None:
    for part, prepare in PREPARATIONS.items():
        if part in script_of(block):
            prepare(account)
    platform = account.dev if "first-deployment" in page.name else account.prod

    calls = run(block, platform, account, server, aws_cli, tmp_path)

    assert sorted(call.name for call in calls) == sorted(CALL.findall(script_of(block)))
    assert {(" ".join(call.words), call.error.strip()) for call in unexpected(calls)} == set()
    selections = {" ".join(call.words): call.output for call in calls if selects_too_little(call)}
    assert selections == {}


ADOPTION = ROOT / "docs/runbooks/adopt-a-cluster.md"


def test_the_password_that_rds_managed_is_in_the_platforms_secret_and_in_no_command(
    server: RunningServer, aws_cli: str, tmp_path: Path
) -> None:
    _account.cache_clear()
    account = seed_again(server)
    (block,) = [each for each in blocks(ADOPTION, "sh") if "--no-manage-master" in each]
    rds, secrets = account.client("rds"), account.client("secretsmanager")
    let_rds_manage_password(account)
    (before,) = rds.describe_db_clusters(DBClusterIdentifier=account.dev.cluster)["DBClusters"]
    managed = json.loads(
        secrets.get_secret_value(SecretId=before["MasterUserSecret"]["SecretArn"])["SecretString"]
    )

    calls = run(block, account.dev, account, server, aws_cli, tmp_path)

    (after,) = rds.describe_db_clusters(DBClusterIdentifier=account.dev.cluster)["DBClusters"]
    assert "MasterUserSecret" not in after
    secret = secrets.get_secret_value(SecretId="/dev/rds/aurora/master-password")
    assert json.loads(secret["SecretString"]) == {
        "engine": "postgres",
        "host": after["Endpoint"],
        "username": "platform",
        "password": managed["password"],
    }
    assert secrets.describe_secret(SecretId=secret["ARN"])["KmsKeyId"] == after["KmsKeyId"]
    assert [call.name for call in calls if managed["password"] in " ".join(call.words)] == []


def unexpected(calls: list[Call]) -> list[Call]:
    """Return the calls that did not end as the data file lists them; others must succeed."""
    names = ["", *(call.name for call in calls)]
    return [
        call
        for before, call in zip(names, calls, strict=False)
        if not ends_as_listed(call, REJECTED.get((before, call.name)))
    ]


def ends_as_listed(call: Call, error: str | None) -> bool:
    if call.name in NOT_EMULATED:
        return call.status != 0 and "has not been implemented" in call.error
    if error is not None:
        return call.status != 0 and call.error.rstrip().endswith(error)
    return call.status == 0 and call.error == ""


def selects_too_little(call: Call) -> bool:
    """Return whether a query selected nothing where AWS has something, or the list says so wrongly."""
    if "--query" not in call.words or call.name in NOT_EMULATED:
        return False
    listed = call.words[call.words.index("--query") + 1] in SELECTS_LESS
    return is_complete(selected(call)) is listed


def test_every_listed_command_is_in_a_page() -> None:
    scripts = [script_of(str(block.values[1])) for block in BLOCKS]
    named = [CALL.findall(script) for script in scripts]
    pairs = {pair for names in named for pair in pairwise(names)}
    assert set(NOT_EMULATED) <= {name for names in named for name in names}
    assert set(REJECTED) <= pairs
    assert [query for query in SELECTS_LESS if not any(query in script for script in scripts)] == []


def test_the_pages_have_commands_at_all() -> None:
    assert sum(len(CALL.findall(script_of(str(block.values[1])))) for block in BLOCKS) == 116
