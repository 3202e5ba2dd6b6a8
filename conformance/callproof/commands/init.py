"""`callproof init`: writes a commented target file to start from."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from callproof.commands.exits import CLEAN, CONFIGURATION, Stopped
from callproof.commands.parsing import Parser

TEMPLATE = """\
# Target file of callproof: where your server is, who the agents are, which numbers may be dialled.
# Never write a secret here: every *_env is the name of an environment variable that holds one.
version: 1

target:
  product: Example Switch            # shown in every report
  product_version: "1.0"
  base_url: https://cti.example.test/api/v2
  cometd_url: https://cti.example.test/api/v2/notifications   # required
  # public_base: https://cti.example.test   # the beginning of links, if not the host of base_url
  # tls:
  #   ca_file: ca.pem                # your own certificate authorities, in PEM form
  #   verify: true
  #   client_cert_file: client.pem   # the certificate to show, if the server asks for one
  #   client_key_file: client.key    # its key, if that is in another file
  #   client_key_password_env: CLIENT_KEY_PASSWORD   # if the key is encrypted
  # headers:                         # added to every request, such as the key of an API gateway
  #   - {name: X-Api-Key, value_env: API_KEY}
  # proxy_url_env: PROXY_URL         # holds the address of an HTTP proxy, with its login if it wants one

auth:
  kind: basic                        # or bearer: then each agent has token_env, not user_env and password_env

# Three agents who can log in, have no call, and may call one another during the run.
agents:
  alice:
    number: "15000"
    user_env: ALICE_USER
    password_env: ALICE_PASSWORD
    # also_seen_as: ["+3100015000"]  # other forms in which the server shows this number
    # device: 631608b3-ceb1-472b-ba05-2ae39555b0d1   # default: the first of GET /me/devices
  bob:
    number: "15001"
    user_env: BOB_USER
    password_env: BOB_PASSWORD
  carol:
    number: "15002"
    user_env: CAROL_USER
    password_env: CAROL_PASSWORD

# Simulated numbers. If one is missing, the scenarios that dial it are not played.
# numbers:
#   nonexistent: "15999"

session:
  start: true                        # send StartContactCenterSession first, as desktops do
  channels: [voice]
  # place: PLACE_15000

cometd:
  transport: long-polling            # or websocket, or auto: websocket if the server accepts it
  acknowledge: off                   # on asks the server to resend lost notifications

timing:
  event_timeout_s: 5                 # how long a notification may take
  quiet_min_s: 1                     # how much silence shows that nothing else will arrive
  http_timeout_s: 10
  time_factor: 1.0                   # multiplies the three above, for a slow server
  teardown_s: 10                     # how long an interrupted run may take to end its calls

limits:
  requests_per_s: 5
  calls_total: 150
  # How much of what the server sends is read. These are the defaults.
  # answer_bytes: 8388608            # of a body, decompressed, or a frame
  # head_bytes: 65536
  # messages_per_delivery: 1000
  # messages_per_scenario: 5000
  # transcript_bytes: 134217728
  # retry_after_s: 120               # seconds to wait in all, if the server asks for it

safety:
  # The host of base_url once more. For any host other than this machine, it is required before a call is placed.
  # confirm_host: cti.example.test
  # dial_only: [alice, bob, carol]   # default: everybody named in this file
  require_idle: true
"""
_DEFAULT = "callproof-target.yaml"


class _Options(Namespace):
    file: Path


def main(arguments: list[str]) -> int:
    """Write the file; an existing one is never overwritten. Raises Stopped."""
    parser = Parser("init", "Write a commented target file to start from.")
    parser.add_argument(
        "file", nargs="?", type=Path, default=Path(_DEFAULT), metavar="FILE", help=f"default: {_DEFAULT}"
    )
    file = parser.parse_args(arguments, namespace=_Options()).file
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(TEMPLATE)
    except FileExistsError:
        why = f"{file} already exists and was not changed; name another file"
        raise Stopped(why, CONFIGURATION) from None
    except OSError as error:
        raise Stopped(f"{file} cannot be written: {error.strerror}", CONFIGURATION) from None
    print(f"wrote {file}")
    print(f"edit it, set the environment variables that it names, then: callproof run --target {file}")
    return CLEAN
