"""refswitch: a reference server for the contract of the Genesys Web Services call-operation endpoint and its CometD channel.

`refswitch.app.build_app` makes it as an ASGI application; the command `refswitch serve` runs it.
"""
