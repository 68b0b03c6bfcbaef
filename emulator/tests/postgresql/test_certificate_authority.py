"""Certificates of the emulated databases' certificate authority."""

import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from emulator.postgresql.certificate_authority import ServerCertificateAuthority, write_private


def test_an_authority_is_created_once_per_folder(tmp_path: Path) -> None:
    first = ServerCertificateAuthority(tmp_path / "authority").certificate.read_bytes()
    assert ServerCertificateAuthority(tmp_path / "authority").certificate.read_bytes() == first
    assert ServerCertificateAuthority(tmp_path / "other").certificate.read_bytes() != first


def test_a_servers_certificate_is_for_its_names_and_signed_by_the_authority(tmp_path: Path) -> None:
    authority = ServerCertificateAuthority(tmp_path)
    text, key = authority.issue(("db.example",), ("127.1.2.3",))
    issued = x509.load_pem_x509_certificate(text)
    root = x509.load_pem_x509_certificate(authority.certificate.read_bytes())
    issued.verify_directly_issued_by(root)
    names = issued.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["db.example"]
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["127.1.2.3"]
    assert issued.extensions.get_extension_for_class(x509.BasicConstraints).value.ca is False
    assert issued.not_valid_after_utc.year >= 2036
    private = serialization.load_pem_private_key(key, password=None)
    assert private.public_key() == issued.public_key()


def test_only_the_owner_can_read_a_key_file(tmp_path: Path) -> None:
    ServerCertificateAuthority(tmp_path)
    assert stat.S_IMODE((tmp_path / "ca.key").stat().st_mode) == 0o600
    (tmp_path / "open").write_text("as before")
    (tmp_path / "open").chmod(0o666)
    write_private(tmp_path / "open", b"secret")
    assert stat.S_IMODE((tmp_path / "open").stat().st_mode) == 0o600
