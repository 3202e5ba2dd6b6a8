"""The rules that a server's messages can break, by name, each with the clause that it rests on.

The client only reports which rule was broken where. A judge decides which rules matter, and how much.
"""

from enum import StrEnum


class Rule(StrEnum):
    """The name of a rule. `CLAUSES` has its sentence."""

    BODY_NOT_MESSAGES = "body-not-messages"
    BODY_NOT_AN_ARRAY = "body-not-an-array"
    EMPTY_ANSWER = "empty-answer"
    MESSAGE_NOT_AN_OBJECT = "message-not-an-object"
    CHANNEL_MISSING = "channel-missing"
    REPLY_WITHOUT_ID = "reply-without-id"
    REPLY_ID_OF_OTHER_TYPE = "reply-id-of-other-type"
    REPLY_ON_OTHER_CHANNEL = "reply-on-other-channel"
    REPLY_TWICE = "reply-twice"
    REPLY_TO_NOTHING = "reply-to-nothing"
    REPLY_WITH_DATA = "reply-with-data"
    SUCCESSFUL_NOT_BOOLEAN = "successful-not-boolean"
    FAILURE_WITHOUT_ERROR = "failure-without-error"
    ERROR_FORM = "error-form"
    HANDSHAKE_WITHOUT_CLIENT_ID = "handshake-without-client-id"
    HANDSHAKE_VERSION = "handshake-version"
    FAILED_HANDSHAKE_WITH_CLIENT_ID = "failed-handshake-with-client-id"
    NO_COMMON_CONNECTION_TYPE = "no-common-connection-type"
    CLIENT_ID_REUSED = "client-id-reused"
    SUBSCRIPTION_NOT_ECHOED = "subscription-not-echoed"
    ADVICE_MALFORMED = "advice-malformed"
    ADVICE_INCOMPLETE = "advice-incomplete"
    UNKNOWN_CLIENT_WITHOUT_ADVICE = "unknown-client-without-advice"
    EVENT_WITHOUT_DATA = "event-without-data"
    EVENT_WITH_ID = "event-with-id"
    EVENT_WITH_CLIENT_ID = "event-with-client-id"
    EVENT_WITH_SUCCESSFUL = "event-with-successful"
    EVENT_NOT_SUBSCRIBED = "event-not-subscribed"


CLAUSES: dict[Rule, str] = {
    Rule.BODY_NOT_MESSAGES: "An answer holds messages: an array of JSON objects (Bayeux 1.0, Messages).",
    Rule.BODY_NOT_AN_ARRAY: "Messages come in an array, even one alone (Bayeux 1.0, Messages).",
    Rule.EMPTY_ANSWER: "An answer holds the replies to what was asked (CometD clients count it a failure).",
    Rule.MESSAGE_NOT_AN_OBJECT: "A message is a JSON object (Bayeux 1.0, Messages).",
    Rule.CHANNEL_MISSING: "A message has a channel, a text that begins with a slash (Bayeux 1.0, channel).",
    Rule.REPLY_WITHOUT_ID: "A reply carries the id of its request (Bayeux 1.0, id).",
    Rule.REPLY_ID_OF_OTHER_TYPE: "A reply's id is the request's, as the same JSON type (Bayeux 1.0, id).",
    Rule.REPLY_ON_OTHER_CHANNEL: "A reply's channel is the request's (Bayeux 1.0, each meta message).",
    Rule.REPLY_TWICE: "A request has one reply (Bayeux 1.0, each meta message).",
    Rule.REPLY_TO_NOTHING: "A reply answers a request of this client (Bayeux 1.0, id).",
    Rule.REPLY_WITH_DATA: "A reply has no data: clients tell events from replies by it (CometD clients).",
    Rule.SUCCESSFUL_NOT_BOOLEAN: "A reply says successful, a JSON boolean (Bayeux 1.0, successful).",
    Rule.FAILURE_WITHOUT_ERROR: "A failed reply says why in error (Bayeux 1.0, error).",
    Rule.ERROR_FORM: "An error is code:args:text with a code of three digits (Bayeux 1.0, error).",
    Rule.HANDSHAKE_WITHOUT_CLIENT_ID: "A successful handshake gives a clientId (Bayeux 1.0, Handshake).",
    Rule.HANDSHAKE_VERSION: 'A handshake reply says version "1.0" (Bayeux 1.0, version).',
    Rule.FAILED_HANDSHAKE_WITH_CLIENT_ID: "A failed handshake gives no clientId (Bayeux 1.0, clientId).",
    Rule.NO_COMMON_CONNECTION_TYPE: "Server and client share a connection type (Bayeux 1.0, Handshake).",
    Rule.CLIENT_ID_REUSED: "A clientId is new for each handshake (Bayeux 1.0, clientId).",
    Rule.SUBSCRIPTION_NOT_ECHOED: "The reply repeats the subscription as sent (Bayeux 1.0, Subscribe).",
    Rule.ADVICE_MALFORMED: "Advice is an object of known words and of milliseconds (Bayeux 1.0, advice).",
    Rule.ADVICE_INCOMPLETE: "Advice replaces what was before: it is complete or absent (Bayeux 1.0, advice).",
    Rule.UNKNOWN_CLIENT_WITHOUT_ADVICE: "An unknown client is advised to handshake (Bayeux 1.0, reconnect).",
    Rule.EVENT_WITHOUT_DATA: "An event has data (Bayeux 1.0, Event message delivery).",
    Rule.EVENT_WITH_ID: "An event has no id that a pending request could have (CometD clients).",
    Rule.EVENT_WITH_CLIENT_ID: "An event does not reveal a clientId (Bayeux 1.0, clientId).",
    Rule.EVENT_WITH_SUCCESSFUL: "An event does not say successful, as replies do (CometD clients).",
    Rule.EVENT_NOT_SUBSCRIBED: "Events go to the subscribers of their channel only (Bayeux 1.0, Delivery).",
}
