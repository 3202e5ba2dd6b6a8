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
    """The consult call that was named, or one at all, does not belong to the leg."""

    def __init__(self, operation: str, call_id: str, consult: str | None) -> None:
        self.operation = operation
        self.call_id = call_id
        self.consult = consult
        named = f"call {consult} is no consult call" if consult else "there is no answered consult call"
        super().__init__(f"{operation} is not possible: {named} of call {call_id}")


class BadTable(Exception):
    """The call model contradicts itself or names what does not exist; the server does not start with it."""

    def __init__(self, row: str, problem: str) -> None:
        self.row = row
        self.problem = problem
        super().__init__(f"call model, row {row}: {problem}")
