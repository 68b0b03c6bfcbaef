"""Conversion of the engine's assets and archives to a zip."""

import io
import zipfile
from pathlib import Path
from typing import Any

from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import SIGNATURE_KEY, Properties, is_object

ARCHIVE_SIGNATURE = "0def7320c3a5731c473e5ecbe6d01bc7"
# A constant of Pulumi's protocol (sdk/go/common/resource/sig).

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can store, so that equal contents give equal archives."""


class UnsupportedArchiveError(RejectedError):
    """An archive of a kind that the emulated provider does not support."""


def same_archive(old: Any, new: Any) -> bool:
    """Compare archives by the engine's hash of their contents."""
    return _hash(old) == _hash(new)


def zip_of(archive: Properties) -> bytes:
    """Pack an archive of text and file assets, nested archives included.

    Raises:
        UnsupportedArchiveError: it is remote, or a file instead of a map of assets.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in sorted(_contents(archive).items()):
            packed.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _contents(archive: Properties, folder: str = "") -> dict[str, bytes]:
    members = archive.get("assets")
    if archive.get(SIGNATURE_KEY) != ARCHIVE_SIGNATURE or not is_object(members):
        message = "the emulated provider supports only archives that are maps of assets"
        raise UnsupportedArchiveError(message)
    found: dict[str, bytes] = {}
    for name, member in members.items():
        if member.get(SIGNATURE_KEY) == ARCHIVE_SIGNATURE:
            found |= _contents(member, f"{folder}{name}/")
        else:
            found[f"{folder}{name}"] = _bytes(member)
    return found


def _bytes(asset: Properties) -> bytes:
    if asset.get("path"):
        return Path(asset["path"]).read_bytes()
    if "uri" in asset:
        message = f"the emulated provider does not fetch {asset['uri']}"
        raise UnsupportedArchiveError(message)
    return str(asset.get("text", "")).encode()


def _hash(archive: Any) -> Any:
    return archive.get("hash") if is_object(archive) else archive
