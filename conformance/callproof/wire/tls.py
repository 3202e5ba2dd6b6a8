"""How TLS connections check the server's certificate, and which certificate they show."""

from __future__ import annotations

import ssl
from pathlib import Path

_CERTIFICATE, _KEY = "-----BEGIN CERTIFICATE-----", "PRIVATE KEY-----"


class CertificatesUnusable(Exception):
    """A file with certificates or a key cannot be used.

    `setting` is the parameter of `tls_context` that is wrong; `why` is a clause that says what to do about it.
    """

    def __init__(self, setting: str, file: Path, why: str) -> None:
        self.setting = setting
        self.file = file
        self.why = why
        super().__init__(f"{file} {why}")


def tls_context(
    ca_file: Path | None = None,
    *,
    verify: bool = True,
    client_cert_file: Path | None = None,
    client_key_file: Path | None = None,
    client_key_password: str = "",
) -> ssl.SSLContext:
    """Return a context that trusts the usual authorities, only those of `ca_file`, or any certificate.

    It shows the certificate of `client_cert_file` to a server that asks for one. The key is in `client_key_file`, or in the same file; if
    the key is encrypted, `client_key_password` opens it. All files are in PEM form. Raises CertificatesUnusable.
    """
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except ssl.SSLError as error:
        why = "does not contain certificates; it must contain those of the authority in PEM form"
        raise CertificatesUnusable("ca_file", ca_file or Path(), why) from error
    except OSError as error:
        raise _unreadable("ca_file", ca_file or Path(), error) from error
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if client_cert_file is not None:
        _show(context, client_cert_file, client_key_file, client_key_password)
    return context


def _show(context: ssl.SSLContext, cert_file: Path, key_file: Path | None, password: str) -> None:
    """Have the context show a certificate. Raises CertificatesUnusable."""
    key_setting = "client_cert_file" if key_file is None else "client_key_file"
    key_in = cert_file if key_file is None else key_file
    _require("client_cert_file", cert_file, _CERTIFICATE, "does not contain a certificate in PEM form")
    without = "; name the file that contains it with client_key_file" if key_file is None else ""
    _require(key_setting, key_in, _KEY, f"does not contain a private key in PEM form{without}")
    asked = False

    def password_of_key() -> str:
        # Without this, OpenSSL would ask on the terminal.
        nonlocal asked
        asked = True
        return password

    try:
        context.load_cert_chain(cert_file, key_file, password_of_key)
    except (OSError, ValueError) as error:
        if asked:
            wrong = (
                "is encrypted, and its password does not open it; check the variable that holds the password"
            )
            why = wrong if password else "is encrypted; name the variable that holds its password"
            raise CertificatesUnusable(key_setting, key_in, why) from error
        if isinstance(error, ssl.SSLError) and error.reason == "KEY_VALUES_MISMATCH":
            why = f"holds a key that does not belong to the certificate in {cert_file}"
            raise CertificatesUnusable(key_setting, key_in, why) from error
        why = "contains a certificate or a key that cannot be read; export it in PEM form again"
        raise CertificatesUnusable("client_cert_file", cert_file, why) from error


def _require(setting: str, file: Path, words: str, without: str) -> None:
    """The file must contain these words. Raises CertificatesUnusable."""
    try:
        text = file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise _unreadable(setting, file, error) from error
    if words not in text:
        raise CertificatesUnusable(setting, file, without)


def _unreadable(setting: str, file: Path, error: OSError) -> CertificatesUnusable:
    return CertificatesUnusable(setting, file, f"cannot be read ({error.strerror})")
