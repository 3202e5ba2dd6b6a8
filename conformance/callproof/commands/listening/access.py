"""How `listen` reaches the server and logs in. Secrets come from the environment, and no message repeats one."""

from __future__ import annotations

import getpass
import ssl
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from callproof.commands.exits import CONFIGURATION, Stopped
from callproof.commands.listening.options import Options
from callproof.target.mistakes import wrong_with_header, wrong_with_proxy
from callproof.target.target import Tls
from callproof.wire import Basic, Bearer, CertificatesUnusable, Credentials, HttpAgent, Redactor, Unrecorded


def http_agent(options: Options, environment: Mapping[str, str]) -> HttpAgent:
    """Return the HTTP client that the options describe; its redactor knows every secret. The caller closes it.

    Raises Stopped, naming the option and the remedy.
    """
    password = ""
    if options.client_key_password_env is not None:
        password = _value(environment, "--client-key-password-env", options.client_key_password_env)
    redactor = Redactor([password], public=[options.user])
    headers = [
        (name, _value(environment, f"--header {name}", variable, wrong_with_header))
        for name, variable in options.header
    ]
    proxy = ""
    if options.proxy_env is not None:
        proxy = _value(environment, "--proxy-env", options.proxy_env, wrong_with_proxy)
    return HttpAgent(
        options.user,
        options.url,
        Unrecorded(redactor),
        tls=_context(options, password),
        headers=headers,
        proxy=proxy,
        credentials=_credentials(options, environment),
    )


def _context(options: Options, password: str) -> ssl.SSLContext:
    tls = Tls(
        options.ca_file, not options.insecure, options.client_cert_file, options.client_key_file, password
    )
    if not options.client_cert_file and (options.client_key_file or password):
        raise Stopped("--client-cert-file is missing: the certificate that the key belongs to", CONFIGURATION)
    try:
        return tls.context()
    except CertificatesUnusable as error:
        raise Stopped(f"--{error.setting.replace('_', '-')}: {error}", CONFIGURATION) from None


def _credentials(options: Options, environment: Mapping[str, str]) -> Credentials:
    if options.token_env is not None:
        return Bearer(_value(environment, "--token-env", options.token_env, wrong_with_header))
    return Basic(options.user, _password(options, environment))


def _password(options: Options, environment: Mapping[str, str]) -> str:
    password = environment.get(options.password_env)
    if password is not None:
        return password
    if sys.stdin is not None and sys.stdin.isatty():  # it is None when the shell has closed it
        with suppress(EOFError):
            return getpass.getpass(f"password of {options.user}: ")
    raise Stopped(
        f"the password of {options.user} is missing: set the environment variable {options.password_env}",
        CONFIGURATION,
    )


def _value(
    environment: Mapping[str, str], option: str, variable: str, wrong_with: Callable[[str], str] | None = None
) -> str:
    """The value of a variable. Raises Stopped if it is not set, or cannot be used."""
    value = environment.get(variable)
    if not value:
        raise Stopped(
            f"{option}: the environment variable {variable} is not set; export it first", CONFIGURATION
        )
    if wrong_with is not None and (wrong := wrong_with(value)):
        raise Stopped(f"{option}: the value of {variable} {wrong}", CONFIGURATION)
    return value
