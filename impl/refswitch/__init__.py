"""refswitch: a reference server for the contract of the Genesys Web Services call-operation endpoint and its CometD channel.

`refswitch.app.build_app` makes it as an ASGI application; the command `refswitch serve` runs it.
"""

VERSION = "0.2.0"  # as in pyproject.toml; a constant, because reading the installed metadata takes as long as half of the command
