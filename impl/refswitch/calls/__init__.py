"""The call core: pure values in, values out. It knows no network, no clock and no wire format."""

from .effects import EFFECTS
from .errors import BadTable, NoSuchCall, NoSuchConsult, NotPossible, Refused
from .model import (
    Change,
    Command,
    Conversation,
    Dial,
    Dialled,
    FarEnd,
    Identity,
    Leg,
    LegKey,
    Operate,
    Situation,
    State,
    Step,
    UserData,
    View,
    World,
)
from .step import step
from .table import ModelData, Row, Table, read_table
from .turn import view

__all__ = [
    "EFFECTS",
    "BadTable",
    "Change",
    "Command",
    "Conversation",
    "Dial",
    "Dialled",
    "FarEnd",
    "Identity",
    "Leg",
    "LegKey",
    "ModelData",
    "NoSuchCall",
    "NoSuchConsult",
    "NotPossible",
    "Operate",
    "Refused",
    "Row",
    "Situation",
    "State",
    "Step",
    "Table",
    "UserData",
    "View",
    "World",
    "read_table",
    "step",
    "view",
]
