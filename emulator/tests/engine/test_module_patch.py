"""A changed copy of a Go module."""

from pathlib import Path

import pytest

from emulator.engine.module_patch import ModulePatch, PatchError

PATCH = ModulePatch("example.com/module", {"sub/one.go": [("init()", "Load()")]})


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "one.go").write_text("func init() {}\n", encoding="utf-8")
    (folder / "other.go").write_text("package module\n", encoding="utf-8")
    # As Go leaves its cache.
    for path in (folder / "sub" / "one.go", folder / "sub", folder):
        path.chmod(path.stat().st_mode & ~0o222)
    return folder


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    folder = tmp_path / "pins"
    folder.mkdir()
    (folder / "go.mod").write_text("module program\n", encoding="utf-8")
    (folder / "go.sum").write_text("hashes\n", encoding="utf-8")
    return folder


def test_the_copy_is_changed_and_the_programs_module_file_uses_it(
    source: Path, pins: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "result"
    folder.mkdir()
    module_file = PATCH.write(source, pins, folder)
    assert module_file.read_text(encoding="utf-8") == (
        f'module program\n\nreplace example.com/module => "{folder}/patched"\n'
    )
    assert (folder / "go.sum").read_text(encoding="utf-8") == "hashes\n"
    assert (folder / "patched/sub/one.go").read_text(encoding="utf-8") == "func Load() {}\n"
    assert (folder / "patched/other.go").read_text(encoding="utf-8") == "package module\n"
    assert (source / "sub/one.go").read_text(encoding="utf-8") == "func init() {}\n"


@pytest.mark.parametrize(("text", "times"), [("func main() {}\n", 0), ("init() init()\n", 2)])
def test_another_version_of_the_module_is_reported(
    source: Path, pins: Path, tmp_path: Path, text: str, times: int
) -> None:
    (source / "sub/one.go").chmod(0o644)
    (source / "sub/one.go").write_text(text, encoding="utf-8")
    message = rf"^example\.com/module: sub/one\.go contains 'init\(\)' {times} times$"
    with pytest.raises(PatchError, match=message):
        PATCH.write(source, pins, tmp_path)
