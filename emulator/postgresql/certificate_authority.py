"""The certificate authority of the emulated database servers."""

import os
from collections.abc import Sequence
from pathlib import Path

import trustme

AUTHORITY_CERTIFICATE = "ca.pem"
"""Name of the file that clients trust."""


class ServerCertificateAuthority:
    """Issues the servers' certificates; created once per folder.

    Args:
        folder: The folder of its certificate and key.

    Attributes:
        certificate: The file that clients trust, PEM.
    """

    certificate: Path

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.certificate = folder / AUTHORITY_CERTIFICATE
        self._key_file = folder / "ca.key"
        if not self.certificate.exists():
            made = trustme.CA(
                path_length=0,
                organization_name="Emulated RDS",
                organization_unit_name="Emulated RDS Root CA",
            )
            write_private(self._key_file, made.private_key_pem.bytes())
            self.certificate.write_bytes(made.cert_pem.bytes())

    def issue(self, names: Sequence[str], addresses: Sequence[str]) -> tuple[bytes, bytes]:
        """Return a certificate and key (PEM) for these DNS names and IP addresses."""
        authority = trustme.CA.from_pem(self.certificate.read_bytes(), self._key_file.read_bytes())
        issued = authority.issue_cert(*names, *addresses)
        (certificate,) = issued.cert_chain_pems
        return certificate.bytes(), issued.private_key_pem.bytes()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read at any time."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
