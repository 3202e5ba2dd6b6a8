"""Why an operation was refused: one class per cause, with the facts as attributes.

Every refusal leaves the world as it was (ReturnValues, HTCC 8.5.2: an error means that nothing was changed).
"""

from __future__ import annotations


class Refused(Exception):
    """An operation that was not carried out. The sentence is made from the facts."""


class NoSuchCall(Refused):
    """The agent has no live leg of this id; whether somebody else has is not said."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        super().__init__(f"There is no call {call_id} of yours")


class NotPossible(Refused):
    """The leg does not take this operation in its present situation."""

    def __init__(self, operation: str, call_id: str, state: str, offered: tuple[str, ...]) -> None:
        self.operation = operation
        self.call_id = call_id
        self.state = state
        self.offered = offered
        super().__init__(
            f"{operation} is not possible: call {call_id} is {state} and offers {', '.join(offered) or 'nothing'}"
        )


class NoSuchConsult(Refused):
    """The other call that was named, or one at all, does not belong to the leg."""

    def __init__(self, operation: str, call_id: str, named: str | None) -> None:
        self.operation = operation
        self.call_id = call_id
        self.named = named
        problem = (
            f"call {named} is neither consult call nor parent"
            if named
            else "there is no answered consult call"
        )
        super().__init__(f"{operation} is not possible: {problem} of call {call_id}")


class NoSuchParticipant(Refused):
    """Nobody of this number is in the call."""

    def __init__(self, operation: str, call_id: str, number: str) -> None:
        self.operation = operation
        self.call_id = call_id
        self.number = number
        super().__init__(
            f"{operation} is not possible: {number} is not another participant of call {call_id}"
        )


class AlreadyInCall(Refused):
    """The number that should be called in is there already."""

    def __init__(self, operation: str, call_id: str, number: str) -> None:
        self.operation = operation
        self.call_id = call_id
        self.number = number
        super().__init__(f"{operation} is not possible: {number} is in call {call_id} already")


class CallFull(Refused):
    """The two calls together have more parties than a conference may have."""

    def __init__(self, call_id: str, most: int) -> None:
        self.call_id = call_id
        self.most = most
        super().__init__(f"call {call_id} would have more than {most} parties")


class TooMuchUserData(Refused):
    """The call would carry more user data than it may."""

    def __init__(self) -> None:
        super().__init__("userData would be more than a call carries; delete some of it first")


class NotToSupervise(Refused):
    """There is no agent at the device that should be supervised, or it is the supervisor's own."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"{number} is not another agent's number, and cannot be supervised")


class BadTable(Exception):
    """The call model contradicts itself or names what does not exist; the server does not start with it."""

    def __init__(self, row: str, problem: str) -> None:
        self.row = row
        self.problem = problem
        super().__init__(f"call model, row {row}: {problem}")
