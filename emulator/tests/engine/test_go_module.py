"""Builds from Go modules, with a command in place of Go."""

from pathlib import Path

import pytest

from emulator.engine import go_module

GO = """#!/bin/sh
case "$1" in
env) echo go1.99.0 ;;
mod) printf '{{"Dir": "%s"}}' "$(dirname "$0")/module" ;;
list) printf 'crypto/one\\nexample.com/two-3/v3\\nmain.example/~four\\n' ;;
build)
    printf '%s\\n' "$@" > "$(dirname "$0")/arguments"
    echo 'go: downloading example.com/two v3.0.0' >&2
    printf 'crypto/one\\nexample.com/two-3/v3\\n' >&2
    {ending}
    ;;
esac
"""


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    for name, pairs in go_module.DICTIONARIES.replacements.items():
        file = tmp_path / "module" / name
        file.parent.mkdir(parents=True)
        file.write_text("\n".join(old for old, _ in pairs), encoding="utf-8")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(go_module, "PROGRESS_SECONDS", 0.0)
    return []


def build(folder: Path, reported: list[str], ending: str) -> None:
    (folder / "go").write_text(GO.format(ending=ending), encoding="utf-8")
    (folder / "go").chmod(0o755)
    go_module.build(go_module.CLI, folder / "pulumi", reported.append)


def test_a_build_reports_the_packages_that_it_has_compiled(
    tmp_path: Path, reported: list[str]
) -> None:
    build(tmp_path, reported, "exit 0")
    assert [text.partition(" in ")[0] for text in reported[1:]] == [
        "compiled 0 of 3 packages",
        "compiled 1 of 3 packages",
        "compiled 2 of 3 packages",
    ]


def test_the_cli_is_built_with_the_changed_module(tmp_path: Path, reported: list[str]) -> None:
    build(tmp_path, reported, "exit 0")
    arguments = (tmp_path / "arguments").read_text(encoding="utf-8").splitlines()
    assert [word.partition("=")[0] for word in arguments if word.startswith("-mod")] == ["-modfile"]


def test_a_module_without_the_text_to_change_is_reported(
    tmp_path: Path, reported: list[str]
) -> None:
    (tmp_path / "module/matching/matching.go").write_text("package matching\n", encoding="utf-8")
    with pytest.raises(go_module.GoError) as caught:
        build(tmp_path, reported, "exit 0")
    assert str(caught.value) == (
        "github.com/ccojocar/zxcvbn-go: matching/matching.go contains "
        "'func init() {\\n\\tloadFrequencyList()\\n}\\n' 0 times"
    )


def test_a_failed_build_quotes_gos_last_messages_and_no_package(
    tmp_path: Path, reported: list[str]
) -> None:
    with pytest.raises(go_module.GoError) as caught:
        build(tmp_path, reported, "echo 'no space left on device: x' >&2; exit 1")
    assert str(caught.value) == (
        f"`{tmp_path}/go build -v` failed: go: downloading example.com/two v3.0.0\n"
        "no space left on device: x"
    )


def test_an_interrupted_build_says_that_the_next_one_continues(
    tmp_path: Path, reported: list[str]
) -> None:
    def interrupt(text: str) -> None:
        reported.append(text)
        if text.startswith("compiled 1"):
            raise KeyboardInterrupt

    (tmp_path / "go").write_text(GO.format(ending="sleep 1"), encoding="utf-8")
    (tmp_path / "go").chmod(0o755)
    with pytest.raises(KeyboardInterrupt):
        go_module.build(go_module.CLI, tmp_path / "pulumi", interrupt)
    assert reported[-1] == (
        "interrupted; Go has kept what is compiled, and the next start continues from there"
    )
