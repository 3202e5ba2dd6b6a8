"""Why an operation was refused: one class per cause, with the facts as attributes.

Every refusal leaves the world as it was (ReturnValues, HTCC 8.5.2: after an error nothing has changed).
"""

from __future__ import annotations


class Refused(Exception):
    """An operation that was not carried out. The sentence is made from the facts."""


class NoSuchCall(Refused):
    """The agent has no live leg with this id. The error does not reveal whether another agent has."""

    def __init__(self, call_id: str) -> None:
        self.call_id = call_id
        super().__init__(f"There is no call {call_id} of yours")


class NotPossible(Refused):
    """The operation is not possible in the leg's present situation."""

    def __init__(self, operation: str, call_id: str, state: str, offered: tuple[str, ...]) -> None:
        self.operation = operation
        self.call_id = call_id
        self.state = state
        self.offered = offered
        super().__init__(
            f"{operation} is not possible: call {call_id} is {state} and offers {', '.join(offered) or 'nothing'}"
        )


class NoSuchConsult(Refused):
    """The leg has no consult call or parent, or none with the id that was named."""

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


class OtherCallNamed(Refused):
    """The request's body names another call than the one to which it was posted."""

    def __init__(self, operation: str, call_id: str, named: str) -> None:
        self.operation = operation
        self.call_id = call_id
        self.named = named
        super().__init__(
            f"{operation} is not possible: it was posted for call {call_id}, but its body names call {named}"
        )


class NoSuchParticipant(Refused):
    """Nobody with this number is in the call."""

    def __init__(self, operation: str, call_id: str, number: str) -> None:
        self.operation = operation
        self.call_id = call_id
        self.number = number
        super().__init__(
            f"{operation} is not possible: {number} is not another participant of call {call_id}"
        )


class AlreadyInCall(Refused):
    """The number to add is in the call already."""

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
    """The call would carry more user data than is allowed."""

    def __init__(self) -> None:
        super().__init__("userData would exceed what a call may carry; delete some of it first")


class TooManyCalls(Refused):
    """An agent, or the queues together, would have more calls than is allowed. `whose` begins the sentence."""

    def __init__(self, whose: str, most: int) -> None:
        self.whose = whose
        self.most = most
        super().__init__(f"{whose} must not have more than {most} calls at a time; end one first")


class NotToSupervise(Refused):
    """The device to supervise belongs to no agent, or to the supervisor."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"{number} is not another agent's number, so it cannot be supervised")


class BadTable(Exception):
    """The call model contradicts itself or names something that does not exist; the server refuses to start with it."""

    def __init__(self, row: str, problem: str) -> None:
        self.row = row
        self.problem = problem
        super().__init__(f"call model, row {row}: {problem}")
