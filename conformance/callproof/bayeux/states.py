"""The states of a client, and everything that moves it from one to another.

Bayeux 1.0 (Client state table) has UNCONNECTED, CONNECTING and CONNECTED. This table also distinguishes waiting for the reply to a
handshake and to a disconnect. DISCONNECTED is final, unlike UNCONNECTED: the client does not try again by itself.

This file does not know messages. A signal without a row in a state is not possible there.
"""

from enum import StrEnum


class State(StrEnum):
    UNCONNECTED = "unconnected"
    HANDSHAKING = "handshaking"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    DISCONNECTING = "disconnecting"
    DISCONNECTED = "disconnected"


class Signal(StrEnum):
    """What changes the state. The first four are the client's own actions, the others are the server's."""

    HANDSHAKE = "handshake"
    SUBSCRIBE = "subscribe or unsubscribe"
    CONNECT = "connect"
    DISCONNECT = "disconnect"
    HANDSHAKE_ACCEPTED = "handshake accepted"
    HANDSHAKE_REFUSED = "handshake refused"
    CONNECT_ACCEPTED = "connect accepted"
    SESSION_UNKNOWN = "session unknown"
    STOPPED = "stopped"


class NotPossibleNow(RuntimeError):
    """This state does not allow what the caller asked for. Nothing has changed."""

    def __init__(self, signal: Signal, state: State, why: str = "") -> None:
        self.signal = signal
        self.state = state
        super().__init__(f"{signal.value} is not possible when {state.value}{why and f': {why}'}")


TABLE: dict[State, dict[Signal, State]] = {
    State.UNCONNECTED: {Signal.HANDSHAKE: State.HANDSHAKING},
    State.HANDSHAKING: {
        Signal.HANDSHAKE_ACCEPTED: State.CONNECTING,
        Signal.HANDSHAKE_REFUSED: State.UNCONNECTED,
        Signal.STOPPED: State.DISCONNECTED,
    },
    State.CONNECTING: {
        Signal.SUBSCRIBE: State.CONNECTING,
        Signal.CONNECT: State.CONNECTING,
        Signal.DISCONNECT: State.DISCONNECTING,
        Signal.CONNECT_ACCEPTED: State.CONNECTED,
        Signal.SESSION_UNKNOWN: State.UNCONNECTED,
        Signal.STOPPED: State.DISCONNECTED,
    },
    State.CONNECTED: {
        Signal.SUBSCRIBE: State.CONNECTED,
        Signal.CONNECT: State.CONNECTED,
        Signal.DISCONNECT: State.DISCONNECTING,
        Signal.CONNECT_ACCEPTED: State.CONNECTED,
        Signal.SESSION_UNKNOWN: State.UNCONNECTED,
        Signal.STOPPED: State.DISCONNECTED,
    },
    State.DISCONNECTING: {
        Signal.CONNECT_ACCEPTED: State.DISCONNECTING,
        Signal.SESSION_UNKNOWN: State.DISCONNECTED,
        Signal.STOPPED: State.DISCONNECTED,
    },
    State.DISCONNECTED: {Signal.HANDSHAKE: State.HANDSHAKING},
}


def move(state: State, signal: Signal) -> State:
    """Return the state that follows; raise `NotPossibleNow` where the table has no row."""
    try:
        return TABLE[state][signal]
    except KeyError:
        raise NotPossibleNow(signal, state) from None
