"""Copies of folders."""

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from emulator.postgresql.errors import FolderError
from emulator.postgresql.folders import copy_folder, link_folder


def test_a_copy_has_the_same_content_and_permissions(tmp_path: Path) -> None:
    source, copy = tmp_path / "a server's data", tmp_path / "new/copy"
    (source / "base").mkdir(parents=True)
    (source / "base/1").write_text("rows")
    (source / "base/1").chmod(0o640)
    source.chmod(0o700)
    copy_folder(source, copy)
    assert sorted(path.relative_to(copy) for path in copy.rglob("*")) == [
        Path("base"),
        Path("base/1"),
    ]
    assert (copy / "base/1").read_text() == "rows"
    assert (copy / "base/1").stat().st_mode & 0o777 == 0o640
    assert copy.stat().st_mode & 0o777 == 0o700


def test_a_failed_copy_names_both_folders_and_the_reason(tmp_path: Path) -> None:
    source, copy = tmp_path / "gone", tmp_path / "copy"
    reason = rf"^{re.escape(str(source))} cannot be copied to {re.escape(str(copy))}: cp: "
    with pytest.raises(FolderError, match=reason):
        copy_folder(source, copy)


def test_a_copy_of_files_that_never_change_shares_them(tmp_path: Path) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    (source / "1").write_text("rows")
    link_folder(source, copy)
    assert (copy / "1").samefile(source / "1")


def test_on_another_file_system_they_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    (source / "1").write_text("rows")
    run = cast("Callable[..., subprocess.CompletedProcess[str]]", subprocess.run)

    def without_links(command: Sequence[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if command[1] == "-Rpl":
            (copy / "partial").touch()
            return subprocess.CompletedProcess(command, 1, "", "")
        return run(command, **options)

    monkeypatch.setattr(subprocess, "run", without_links)
    link_folder(source, copy)
    assert [path.name for path in copy.iterdir()] == ["1"]
    assert not (copy / "1").samefile(source / "1")
