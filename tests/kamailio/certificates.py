# SPDX-License-Identifier: Apache-2.0
"""Certificates for the loopback, made by the openssl program."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
import hashlib
from pathlib import Path
import ssl
import subprocess


@dataclass(frozen=True)
class Certificate:
    """PEM files."""

    certificate: Path
    key: Path

    @property
    def configuration(self) -> Path:
        """Of Kamailio's tls module, as addon/kamailio/README.md shows it."""
        return self.certificate.with_name("tls.cfg")

    @property
    def pin(self) -> str:
        """The base64 SHA-256 of the public key."""
        pem = subprocess.run(
            ("openssl", "x509", "-in", str(self.certificate), "-noout", "-pubkey"), check=True, capture_output=True
        ).stdout.decode()
        der = b64decode("".join(line for line in pem.splitlines() if not line.startswith("-")))
        return b64encode(hashlib.sha256(der).digest()).decode()

    def trusted(self) -> ssl.SSLContext:
        """A client's context that trusts this certificate alone."""
        return ssl.create_default_context(cafile=str(self.certificate))


def make(folder: Path, name: str = "127.0.0.1") -> Certificate:
    """Make a self-signed certificate, over the one of an earlier call."""
    made = Certificate(folder / "certificate.pem", folder / "key.pem")
    subprocess.run(
        (
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=IP:{name}"),
            *("-keyout", str(made.key), "-out", str(made.certificate)),
        ),
        check=True,
        capture_output=True,
    )
    made.configuration.write_text(
        f"[server:default]\nmethod = TLSv1.2+\ncertificate = {made.certificate}\nprivate_key = {made.key}\n"
    )
    return made
