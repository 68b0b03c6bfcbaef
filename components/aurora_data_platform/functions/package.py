"""Deployment package of the functions.

Reproducible: the same requirements give the same files on every machine, without compiled files,
installation records or timestamps. boto3 is part of Lambda's Python runtime.
"""

import io
import zipfile
from importlib.metadata import Distribution, distribution
from pathlib import Path

ROTATION_HANDLER = "components.database_functions.rotation.handler.handle"
SETUP_HANDLER = "components.database_functions.setup.handler.handle"
"""Files keep their paths in the repository, so that imports are the same here and in Lambda."""
CERTIFICATES = "components/database_functions/certificates.pem"
MAX_ZIP_BYTES = 1024 * 1024
MEMORY_MEGABYTES = 256
ROTATION_TIMEOUT_SECONDS = 180
"""Covers two logins to a cluster that resumes from a pause, and a statement up to its timeout."""
SETUP_TIMEOUT_SECONDS = 900
"""Maximum of Lambda; a first setup may wait for a rotation and create many databases."""

_ROOT = Path(__file__).resolve().parents[3]
_FUNCTIONS = _ROOT / "components/database_functions"
DISTRIBUTIONS = ("pg8000", "scramp", "asn1crypto", "python-dateutil", "six")
"""The database driver and its dependencies, all pure Python."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip file can hold."""


def files() -> dict[str, Path]:
    """Return the source of every file by its path in the archive, sorted by path."""
    own = [path for path in _FUNCTIONS.rglob("*") if path.suffix in {".py", ".pem"}]
    found = {_archived(path): path for path in [*own, _FUNCTIONS.parent / "__init__.py"]}
    for name in DISTRIBUTIONS:
        found |= _files_of(distribution(name))
    return dict(sorted(found.items()))


def zip_bytes() -> bytes:
    """Return the archive as Lambda receives it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, source in files().items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # Lambda runs the function as another user.
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, source.read_bytes())
    return buffer.getvalue()


def _archived(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()


def _files_of(installed: Distribution) -> dict[str, Path]:
    return {
        path.as_posix(): Path(str(installed.locate_file(path)))
        for path in installed.files or ()
        if _belongs(path.parts, path.suffix, path.name)
    }


def _belongs(parts: tuple[str, ...], suffix: str, name: str) -> bool:
    if parts[0].endswith(".dist-info"):
        # The driver reads its own version from METADATA.
        return name == "METADATA" or name.upper().startswith(("LICENSE", "COPYING"))
    return suffix != ".pyc" and parts[0] not in {"..", "bin"} and "tests" not in parts
