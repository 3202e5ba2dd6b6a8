"""A Bayeux 1.0 client without input or output, for any CometD server.

The client is a state machine: its methods return the messages to send, `receive` takes answers and returns typed events, `next_step` says
what to do next and after how many seconds. The caller transports the messages and waits. A whole session, with the server's answers:

>>> from callproof.bayeux import Client
>>> client = Client(["/v2/me/calls"])
>>> client.next_step().action.value
'handshake'
>>> client.handshake()["channel"]
'/meta/handshake'
>>> answer = {"id": "1", "channel": "/meta/handshake", "successful": True, "version": "1.0",
...           "clientId": "c1a55", "supportedConnectionTypes": ["long-polling"],
...           "advice": {"reconnect": "retry", "interval": 0, "timeout": 30000}}
>>> [event.subscribe_again for event in client.receive([answer])]
[('/v2/me/calls',)]
>>> client.next_step()
NextStep(action=<Action.SUBSCRIBE: 'subscribe'>, after_s=0.0, channels=('/v2/me/calls',), spacing_s=0.0)
>>> client.subscribe("/v2/me/calls")["subscription"]
'/v2/me/calls'
>>> client.receive([{"id": "2", "channel": "/meta/subscribe", "successful": True,
...                  "subscription": "/v2/me/calls"}])
[Subscribed(index=0, channels=('/v2/me/calls',))]
>>> client.connect()["advice"]
{'timeout': 0}
>>> client.receive([{"channel": "/v2/me/calls", "data": {"userName": "alice"}},
...                 {"id": "3", "channel": "/meta/connect", "successful": True}])
[Delivered(index=0, channel='/v2/me/calls', data={'userName': 'alice'}), ConnectDone(index=1)]

A message that a server should not send but a client can use yields an `Oddity`; one that no client can use, a `ProtocolFault`. Both name
the place and the `Rule`. No JSON value raises.
"""

from .channels import CONNECT, DISCONNECT, HANDSHAKE, SUBSCRIBE, UNSUBSCRIBE, is_meta, matches
from .client import Action, Client, NextStep
from .events import (
    ConnectDone,
    ConnectFailed,
    Delivered,
    Disconnected,
    Event,
    HandshakeDone,
    HandshakeFailed,
    LateReply,
    Oddity,
    Postponed,
    ProtocolFault,
    Subscribed,
    SubscribeRefused,
    Unanswered,
    UnknownClient,
    Unsubscribed,
    UnsubscribeRefused,
)
from .messages import (
    LONG_POLLING,
    WEBSOCKET,
    Advice,
    BayeuxError,
    Json,
    Message,
    Reconnect,
    read_advice,
    read_error,
)
from .rules import CLAUSES, Rule
from .states import NotPossibleNow, State

__all__ = [
    "CLAUSES",
    "CONNECT",
    "DISCONNECT",
    "HANDSHAKE",
    "LONG_POLLING",
    "SUBSCRIBE",
    "UNSUBSCRIBE",
    "WEBSOCKET",
    "Action",
    "Advice",
    "BayeuxError",
    "Client",
    "ConnectDone",
    "ConnectFailed",
    "Delivered",
    "Disconnected",
    "Event",
    "HandshakeDone",
    "HandshakeFailed",
    "Json",
    "LateReply",
    "Message",
    "NextStep",
    "NotPossibleNow",
    "Oddity",
    "Postponed",
    "ProtocolFault",
    "Reconnect",
    "Rule",
    "State",
    "SubscribeRefused",
    "Subscribed",
    "Unanswered",
    "UnknownClient",
    "UnsubscribeRefused",
    "Unsubscribed",
    "is_meta",
    "matches",
    "read_advice",
    "read_error",
]
