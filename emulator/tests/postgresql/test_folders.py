"""Copies of folders."""

import re
from pathlib import Path

import pytest

from emulator.postgresql.errors import FolderError
from emulator.postgresql.folders import copy_folder


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
