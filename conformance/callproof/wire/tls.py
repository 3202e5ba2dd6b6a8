"""How TLS connections check the server's certificate."""

import ssl
from pathlib import Path


class CertificatesUnusable(Exception):
    """The file with certificate authorities cannot be read."""

    def __init__(self, file: Path, why: str) -> None:
        self.file = file
        self.why = why
        super().__init__(f"cannot read certificates from {file}: {why}")


def tls_context(ca_file: Path | None = None, *, verify: bool = True) -> ssl.SSLContext:
    """Return a context that trusts the usual authorities, those of `ca_file`, or any certificate. Raises CertificatesUnusable."""
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except OSError as error:
        raise CertificatesUnusable(ca_file or Path(), error.strerror or str(error)) from error
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
