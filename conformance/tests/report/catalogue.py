"""What the runs of these tests are judged by: a catalogue of their own, so that the suite's may grow."""

from callproof.catalogue.requirement import Catalogue, Source
from conformance.tests.requirements import requirement

_CALLS = ("initiate-conference",)
CATALOGUE = Catalogue(
    (
        requirement("HTTP-ENV-001", "Every answer carries a statusCode", profiles=("http", *_CALLS)),
        requirement("HTTP-ENV-002", "Success is statusCode 0", profiles=("http", *_CALLS)),
        *(
            requirement(f"HTTP-NEXT-00{n}", f"Nobody looked at number {n}", profiles=("http", *_CALLS))
            for n in range(1, 7)
        ),
        requirement("HTTP-LATER-001", "Only some targets have it", applies_if="claim:Later"),
        requirement("OPS-INITCONF-001", "InitiateConference is accepted", profiles=_CALLS),
        requirement(
            "OPS-INITCONF-006",
            "The owner hears that the consult call was answered",
            profiles=_CALLS,
            level="SHOULD",
        ),
        requirement("OPS-HOLD-003", "Hold on a held call is refused", profiles=_CALLS),
        requirement(
            "NTF-CALL-001",
            "duration is a string of digits",
            "The `duration` of a call is a string of decimal digits.",
            "sample",
            Source(
                "InitiateConference, CallsHangup and CompleteConference, HTCC 8.5.2; capture of GWS 8.5.202.96",
                "duration",
            ),
            profiles=_CALLS,
            must_because="Samples agree, and clients show it as it is.",
        ),
        requirement(
            "NTF-LINK-002", "path is /calls/ and the id", basis="sample", profiles=_CALLS, level="SHOULD"
        ),
        requirement(
            "ORD-INITCONF-001",
            "Held is told before Dialing",
            "On the session of the agent who asked for InitiateConference the Held of the existing call arrives before the Dialing of "
            "the consult call.",
            source=Source("InitiateConference, HTCC 8.5.2", "CometD notification"),
            profiles=_CALLS,
        ),
        requirement(
            "ORD-EXTRA-001",
            "Nothing else is told",
            "An operation causes no notification of a state or of a call that the documentation does not name for it.",
            "sample",
            Source(
                "InitiateConference, CallsHold, CallsAnswer and CallsHangup, HTCC 8.5.2",
                "CometD notification",
            ),
            profiles=_CALLS,
            must_because="A desktop shows events that did not happen.",
        ),
    ),
    ("http", "notify", "initiate-conference"),
)
