"""Certificates for tests of TLS, made by `make.sh`; nothing outside the tests trusts them."""

from pathlib import Path

FOLDER = Path(__file__).parent
CA = FOLDER / "ca.pem"
CLIENT, CLIENT_KEY = FOLDER / "client.pem", FOLDER / "client.key"
CLIENT_KEY_ENCRYPTED, CLIENT_KEY_PASSWORD = FOLDER / "client-encrypted.key", "open sesame"
STRANGER, STRANGER_KEY = FOLDER / "stranger.pem", FOLDER / "stranger.key"
SERVER, SERVER_KEY = FOLDER / "server.pem", FOLDER / "server.key"
EXPIRED, EXPIRED_KEY = FOLDER / "expired.pem", FOLDER / "expired.key"
