"""The project folder of the engine."""

import sys
from pathlib import Path

import pytest
import yaml

from rehearsal.project import EncryptedValueError, InvalidFileError, Project, UnknownStackError


@pytest.fixture
def program(tmp_path: Path) -> Path:
    folder = tmp_path / "program"
    (folder / "components").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / "__main__.py").write_text("")
    (folder / "Pulumi.yaml").write_text("name: example\n")
    (folder / "Pulumi.dev.yaml").write_text("# mine\nconfig:\n  example:size: 1\n  aws:region: r\n")
    (folder / "Pulumi.prod.yaml").write_text("config: {}\n")
    return folder


@pytest.fixture
def project(program: Path, tmp_path: Path) -> Project:
    created = Project(program, tmp_path / "project")
    created.link_files()
    return created


def test_the_project_links_the_program_without_stack_files_and_hidden_files(
    project: Project, program: Path
) -> None:
    links = {path.name: path.readlink() for path in project.folder.iterdir()}
    assert links == {
        "__main__.py": program / "__main__.py",
        "components": program / "components",
        "Pulumi.yaml": program / "Pulumi.yaml",
        ".venv": Path(sys.prefix),
    }


def test_removed_files_are_unlinked_and_new_ones_linked(project: Project, program: Path) -> None:
    (program / "__main__.py").rename(program / "program.py")
    project.link_files()
    names = {path.name for path in project.folder.iterdir()}
    assert names == {"program.py", "components", "Pulumi.yaml", ".venv"}


def test_a_stack_file_is_copied_unchanged(project: Project, program: Path) -> None:
    project.write_stack_file("dev")
    copy = project.folder / "Pulumi.dev.yaml"
    assert copy.read_text() == (program / "Pulumi.dev.yaml").read_text()
    assert not copy.is_symlink()


def test_the_copy_keeps_its_own_encryption_and_leaves_out_that_of_the_original(
    project: Project, program: Path
) -> None:
    original = program / "Pulumi.dev.yaml"
    real = "secretsprovider: awskms://alias/real\nencryptedkey: real\n"
    original.write_text(f"{real}# A comment.\nconfig: {{example:size: 2}}\n")
    project.write_stack_file("dev")
    copy = project.folder / "Pulumi.dev.yaml"
    assert copy.read_text() == "# A comment.\nconfig: {example:size: 2}\n"
    with copy.open("a") as file:
        file.write("secretsprovider: awskms://alias/rehearsed\nencryptedkey: rehearsed\n")
    project.write_stack_file("dev")
    assert yaml.safe_load(copy.read_text()) == {
        "config": {"example:size": 2},
        "secretsprovider": "awskms://alias/rehearsed",
        "encryptedkey": "rehearsed",
    }
    assert original.read_text().startswith(real)


def test_a_stack_file_with_encrypted_values_is_rejected_with_their_keys(
    project: Project, program: Path
) -> None:
    (program / "Pulumi.dev.yaml").write_text(
        "config:\n  example:plain: 1\n  example:token: {secure: AAAB}\n"
        "  example:list: [{name: x, value: {secure: AAAC}}]\n"
    )
    with pytest.raises(
        EncryptedValueError,
        match=r"^Pulumi\.dev\.yaml has encrypted values, which a rehearsal cannot decrypt: "
        r"example:token, example:list\. Rehearse a copy of the stack file without them$",
    ):
        project.write_stack_file("dev")
    changes = {"token": "plain", "list": None}
    assert project.write_stack_file("other", changes, like="dev") == {
        "example:plain": 1,
        "example:token": "plain",
    }


def test_changes_override_values_and_none_removes_a_key(project: Project) -> None:
    project.write_stack_file(
        "other", {"size": None, "colour": "red", "aws:region": "s"}, like="dev"
    )
    copy = yaml.safe_load((project.folder / "Pulumi.other.yaml").read_text())
    assert copy == {"config": {"aws:region": "s", "example:colour": "red"}}


def test_an_unknown_stack_is_rejected_with_the_known_ones(project: Project) -> None:
    with pytest.raises(
        UnknownStackError, match=r"Pulumi\.test\.yaml does not exist; there are files for dev, prod"
    ):
        project.write_stack_file("test")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"config: [\n", "Pulumi.dev.yaml is not valid YAML: while parsing a flow node"),
        (b"config:\n\tp:key: 1\n", "Pulumi.dev.yaml is not valid YAML: while scanning"),
        ("# Größe\n".encode("latin-1"), "Pulumi.dev.yaml is not in UTF-8: 'utf-8' codec"),
    ],
)
def test_a_stack_file_that_cannot_be_read_is_named(
    project: Project, program: Path, content: bytes, reason: str
) -> None:
    (program / "Pulumi.dev.yaml").write_bytes(content)
    with pytest.raises(InvalidFileError) as error:
        project.write_stack_file("dev")
    assert str(error.value).startswith(reason)
