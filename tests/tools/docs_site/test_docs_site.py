"""The documentation as a site."""

import subprocess
from pathlib import Path, PurePosixPath

import pytest

from tools.docs_site.staging import NavigationError, pages, sections, stage
from tools.repository import ROOT

SPHINX = ROOT / ".site/bin/python"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with two pages and a source file."""
    root = tmp_path / "repository"
    for path, text in {
        "README.md": "# Home\n\n[code](src/main.py), [folder](src), `[no](link)`",
        "docs/guide.md": "# Guide\n\n[home](../README.md#home) [the source](../src/)",
        "src/main.py": "print()",
    }.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    return root


def test_every_page_is_in_one_section() -> None:
    found = pages()
    placed = [page for members in sections(found).values() for page in members]
    assert sorted(placed) == sorted(page for page in found if str(page) != "README.md")


def test_pages_outside_the_navigation_and_entries_without_a_page_are_reported_together() -> None:
    found = [PurePosixPath(each) for each in ("README.md", "a.md", "docs/b.md", "docs/c.md")]
    with pytest.raises(NavigationError) as caught:
        sections(found, {"One": ["docs/b.md", "docs/gone.md"], "Two": ["docs/b.md"]})
    assert str(caught.value) == (
        "no page: docs/gone.md; in no section: a.md, docs/c.md; in two sections: docs/b.md"
    )


def test_a_pattern_lists_the_rest_of_its_folder() -> None:
    found = [PurePosixPath(each) for each in ("docs/a.md", "docs/b.md", "docs/deep/c.md")]
    navigation = {"One": ["docs/b.md"], "Two": ["docs/*.md", "docs/deep/*.md"]}
    assert sections(found, navigation) == {
        "One": [PurePosixPath("docs/b.md")],
        "Two": [PurePosixPath("docs/a.md"), PurePosixPath("docs/deep/c.md")],
    }


def test_links_lead_to_staged_pages_files_and_lists_of_folders(
    repository: Path, tmp_path: Path
) -> None:
    stage(tmp_path / "pages", repository, {"Guides": ["docs/*.md"]})
    home = (tmp_path / "pages/index.md").read_text(encoding="utf-8")
    assert "[code](src/main.py), [folder](src/index.md), `[no](link)`" in home
    assert ":caption: Guides\n\ndocs/guide\n" in home
    guide = (tmp_path / "pages/docs/guide.md").read_text(encoding="utf-8")
    assert "[home](../index.md#home) [the source](../src/index.md)" in guide
    listed = (tmp_path / "pages/src/index.md").read_text(encoding="utf-8")
    assert listed.endswith("# src\n\n- [main.py](main.py)\n")
    assert (tmp_path / "pages/src/main.py").read_text(encoding="utf-8") == "print()"


@pytest.mark.site
def test_the_site_is_built_and_every_link_and_anchor_in_it_exists(tmp_path: Path) -> None:
    assert SPHINX.is_file(), "Sphinx is not installed: run make .site/.ready"
    stage(tmp_path / "pages")
    built = subprocess.run(
        [
            *(SPHINX, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"),
            *(tmp_path / "pages", tmp_path / "html"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (built.returncode, built.stderr) == (0, "")
    home = (tmp_path / "html/index.html").read_text(encoding="utf-8")
    assert "docs/runbooks/restore.html" in home
    assert (tmp_path / "html/searchindex.js").is_file()
