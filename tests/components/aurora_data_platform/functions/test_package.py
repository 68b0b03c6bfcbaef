"""The rotation function's deployment package: files, size, reproducibility, certificates."""

import io
import os
import shutil
import ssl
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from components.aurora_data_platform.functions import package as lambda_package
from tools.reference.rotation_page import authorities
from tools.repository import ROOT

GOLDEN = Path(__file__).with_name("golden") / "rotation_package.txt"
_PRINT = """
import runpy
import sys
from importlib.metadata import distribution
lambda_package = runpy.run_path(sys.argv[1])
print(lambda_package["__file__"], distribution("pg8000").locate_file(""), file=sys.stderr)
sys.stdout.buffer.write(lambda_package["zip_bytes"]())
"""
"""Runs the module alone: its package would import Pulumi."""


def test_the_zip_contains_exactly_these_files(pytestconfig: pytest.Config) -> None:
    with zipfile.ZipFile(io.BytesIO(lambda_package.zip_bytes())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    text = "\n".join(names) + "\n"
    if pytestconfig.getoption("update_golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")
    assert names == sorted(lambda_package.files())


def test_the_zip_contains_no_tests_tools_or_compiled_files() -> None:
    unwanted = [
        path
        for path in lambda_package.files()
        if path.endswith((".pyc", ".so", "RECORD", "package.py")) or "test" in path
    ]
    assert unwanted == []


def test_the_zip_is_at_most_a_mebibyte() -> None:
    assert lambda_package.MAX_ZIP_BYTES == 1_048_576
    assert len(lambda_package.zip_bytes()) <= lambda_package.MAX_ZIP_BYTES


def test_every_file_is_readable_by_lambdas_user_and_has_a_fixed_time() -> None:
    with zipfile.ZipFile(io.BytesIO(lambda_package.zip_bytes())) as archive:
        attributes = {(entry.external_attr >> 16, entry.date_time) for entry in archive.infolist()}
    assert attributes == {(0o644, (1980, 1, 1, 0, 0, 0))}


@pytest.mark.parametrize("mask", [0o077, 0o000])
def test_another_folder_with_other_times_and_permissions_gives_the_same_bytes(
    tmp_path: Path, mask: int
) -> None:
    before = os.umask(mask)
    try:
        copied = _copy(tmp_path)
    finally:
        os.umask(before)
    for path in tmp_path.rglob("*"):
        os.utime(path, (mask + 1, mask + 1))
    module = tmp_path / "components/aurora_data_platform/functions/package.py"
    done = subprocess.run(
        (sys.executable, "-c", _PRINT, module),
        cwd=tmp_path,
        env={"PYTHONPATH": f"{copied}:{tmp_path}", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
    )
    assert done.stderr.decode().split() == [str(module), str(copied)]
    assert done.stdout == lambda_package.zip_bytes()


def _copy(folder: Path) -> Path:
    """Copy the function and its dependencies, as another installation would contain them."""
    shutil.copytree(ROOT / "components", folder / "components", copy_function=shutil.copyfile)
    site = folder / "installed"
    for name in lambda_package.DISTRIBUTIONS:
        installed = distribution(name)
        for path in installed.files or ():
            source = Path(str(installed.locate_file(path)))
            if ".." not in path.parts and source.exists():
                (site / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, site / path)
    return site


def test_the_zip_contains_every_dependency_of_the_driver() -> None:
    """The dependencies' own requirements are included."""
    needed = {
        requirement.split(";")[0].strip().split(">")[0].split("=")[0].split("<")[0].strip()
        for name in lambda_package.DISTRIBUTIONS
        for requirement in distribution(name).requires or ()
        if "extra ==" not in requirement
    }
    assert needed <= set(lambda_package.DISTRIBUTIONS)


def test_the_number_of_certificates_and_the_first_expiry_are_fixed() -> None:
    """Fixed, not compared with today: a test must not start to fail without a change.

    docs/rotation-function.md lists every date. A renewal of the file changes these two lines.
    """
    found = authorities()
    assert len(found) == 86
    assert found[0] == ("2037-12-31", "Starfield Services Root Certificate Authority - G2")


def test_every_certificate_is_an_authority_that_python_loads() -> None:
    text = (ROOT / lambda_package.CERTIFICATES).read_text(encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=text)
    assert text.count("-----BEGIN CERTIFICATE-----") == len(context.get_ca_certs()) == 86
