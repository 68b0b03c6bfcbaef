"""Collects the repository's pages, and the files that they link to, for Sphinx."""

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from tools.repository import ROOT, read_yaml

HOME = PurePosixPath("README.md")
"""The page that becomes the site's home, `index`."""

CONF = Path(__file__).with_name("conf.py")
NAVIGATION: Mapping[str, Sequence[str]] = read_yaml(Path(__file__).with_name("navigation.yaml"))

_LINK = re.compile(r"(?P<before>\]\()(?P<target>[^)\s#]+)(?P<anchor>#[^)\s]*)?(?P<after>\))")
_CODE = re.compile(r"(^```.*?^```|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
_EXTERNAL = re.compile(r"[a-z]+:")


class NavigationError(Exception):
    """A page is in no section, in two sections, or does not exist."""


def pages(root: Path = ROOT) -> list[PurePosixPath]:
    """Return the pages that are in version control, without those of GitHub's own folder."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    return [PurePosixPath(each) for each in listed if not each.startswith(".github/")]


def sections(
    found: Sequence[PurePosixPath], navigation: Mapping[str, Sequence[str]] = NAVIGATION
) -> dict[str, list[PurePosixPath]]:
    """Return the pages of each section, in their order.

    Args:
        found: All pages.
        navigation: Paths and patterns by section; a path comes before a pattern that it fits.

    Raises:
        NavigationError: all pages with a mistake are named.
    """
    rows = [each for entries in navigation.values() for each in entries]
    missing = [each for each in rows if "*" not in each and PurePosixPath(each) not in found]
    left = [page for page in found if page != HOME and str(page) not in rows]
    result: dict[str, list[PurePosixPath]] = {}
    for section, entries in navigation.items():
        result[section] = []
        for entry in entries:
            folder, _, pattern = entry.rpartition("/")
            fitting = [p for p in left if str(p.parent) == folder and p.match(pattern)]
            result[section] += fitting if "*" in entry else [PurePosixPath(entry)]
            left = [page for page in left if page not in fitting or "*" not in entry]
    doubled = sorted({each for each in rows if rows.count(each) > 1})
    problems = {"no page": missing, "in no section": left, "in two sections": doubled}
    if any(problems.values()):
        raise NavigationError(
            "; ".join(
                f"{problem}: {', '.join(map(str, names))}"
                for problem, names in problems.items()
                if names
            )
        )
    return result


def stage(
    target: Path, root: Path = ROOT, navigation: Mapping[str, Sequence[str]] = NAVIGATION
) -> None:
    """Write everything that Sphinx needs into a folder, which is emptied first.

    Args:
        target: The folder.
        root: The repository.
        navigation: See `sections`.

    Raises:
        NavigationError: the navigation and the pages differ.
    """
    found = pages(root)
    placed = sections(found, navigation)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    shutil.copy(CONF, target / "conf.py")
    for page in found:
        text = (root / page).read_text(encoding="utf-8")
        written, linked = _for_site(text, page, root)
        destination = target / (PurePosixPath("index.md") if page == HOME else page)
        destination.parent.mkdir(parents=True, exist_ok=True)
        if page == HOME:
            written = f"{written}\n{_contents(placed)}"
        destination.write_text(written, encoding="utf-8")
        for path in linked:
            _add(root, path, target)


def _add(root: Path, path: PurePosixPath, target: Path) -> None:
    """Copy a file; a folder becomes a page that lists its files."""
    (target / path).parent.mkdir(parents=True, exist_ok=True)
    if (root / path).is_file():
        shutil.copy(root / path, target / path)
        return
    files = [each.name for each in sorted((root / path).iterdir()) if each.is_file()]
    (target / path).mkdir(exist_ok=True)
    for name in files:
        if not name.endswith(".md"):
            shutil.copy(root / path / name, target / path / name)
    lines = [
        "---",
        "orphan: true",
        "---",
        f"# {path}",
        "",
        *(f"- [{each}]({each})" for each in files),
    ]
    (target / path / "index.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _for_site(text: str, page: PurePosixPath, root: Path) -> tuple[str, list[PurePosixPath]]:
    """Return a page's text with the site's links, and the files and folders that it links to."""
    linked: list[PurePosixPath] = []

    def rewritten(match: re.Match[str]) -> str:
        target, anchor = match["target"], match["anchor"] or ""
        if _EXTERNAL.match(target):
            return match[0]
        path = _resolved(page.parent / target)
        if (root / path).is_dir():
            readme = (root / path / "README.md").is_file()
            target = f"{target.rstrip('/')}/{'README.md' if readme else 'index.md'}"
            if not readme:
                linked.append(path)
        elif path == HOME:
            target = f"{target.removesuffix('README.md')}index.md"
        elif path.suffix != ".md":
            linked.append(path)
        return f"{match['before']}{target}{anchor}{match['after']}"

    parts = _CODE.split(text)
    written = [part if _CODE.fullmatch(part) else _LINK.sub(rewritten, part) for part in parts]
    return "".join(written), linked


def _resolved(path: PurePosixPath) -> PurePosixPath:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return PurePosixPath(*parts)


def _contents(navigation: Mapping[str, Sequence[PurePosixPath]]) -> str:
    """Return the site's table of contents, which the home page does not show."""

    def lines() -> Iterator[str]:
        for section, members in navigation.items():
            # Without the depth, Sphinx copies all headings of all pages for each page.
            yield from ("```{toctree}", ":hidden:", ":maxdepth: 1", f":caption: {section}", "")
            yield from (str(page.with_suffix("")) for page in members)
            yield from ("```", "")

    return "\n".join(lines())
