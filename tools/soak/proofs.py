"""The proofs, one row each."""

from __future__ import annotations

from collections.abc import Sequence

from tools.soak import (
    any_request,
    churn,
    cuts,
    few_descriptors,
    full_disk,
    hostile_servers,
    killed_suite,
    restarts,
    unread_pipes,
)
from tools.soak.evidence import Proof

PROOFS: Sequence[Proof] = (
    Proof(
        "any-request",
        "Whatever is sent to refswitch, no answer is an unexplained 5xx and no traceback is in the log.",
        any_request.prove,
        whole=4_000,
        share=200,
    ),
    Proof(
        "churn",
        "Clients that vanish leave no session, no descriptor and no memory behind.",
        churn.prove,
        whole=16_000,
        share=650,
    ),
    Proof(
        "cuts",
        "With acknowledgement, a cut connection or a killed client loses no notification and delivers none twice.",
        cuts.prove,
        whole=50,
        share=3,
    ),
    Proof(
        "restarts",
        "After the server was killed, `listen` subscribes again and says once that events may be missing.",
        restarts.prove,
        whole=5,
        share=1,
    ),
    Proof(
        "killed-suite",
        "After `callproof cleanup`, no call of a killed run is up.",
        killed_suite.prove,
        whole=20,
        share=2,
    ),
    Proof(
        "full-disk",
        "On a full disk, every command says so in a sentence, and `run` still ends its calls.",
        full_disk.prove,
        whole=7,
        share=2,
    ),
    Proof(
        "few-descriptors",
        "A server without free descriptors says so, and recovers.",
        few_descriptors.prove,
        whole=1_000,
        share=300,
    ),
    Proof(
        "unread-pipes",
        "Output that nobody reads stops neither refswitch nor `run` nor `listen`, and each ends when it is told to.",
        unread_pipes.prove,
        whole=5_000,
        share=1_500,
    ),
    Proof(
        "hostile-servers",
        "No server makes `run` or `listen` crash, hang, take gigabytes or give a verdict on a bound of ours.",
        hostile_servers.prove,
        whole=1_000,
        share=0,
    ),
)
