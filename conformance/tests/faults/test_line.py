"""What a faulty line makes of messages: plain values in, plain values out."""

from callproof.faults import Line
from callproof.faults.line import Asked
from callproof.faults.traffic import Answer, Message, Request, as_json, basic

from .talk import connect, heard, later, line, opened, operation, reply, told

HELD, DIALING = told("Held"), told("Dialing", call="A")


def events(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message["channel"] == "/v2/me/calls"]


def test_without_a_rule_that_concerns_it_everything_goes_through() -> None:
    on = line()
    opened(on, "alice")
    assert heard(on, "alice", [HELD, DIALING]) == [HELD, DIALING, reply()]
    assert on.triggers == (0,)


def test_a_dropped_notification_is_gone_and_counted() -> None:
    on = line("{notification: {state: Held, agent: alice}, drop: true}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD, DIALING]) == [DIALING, reply()]
    assert on.triggers == (1,)


def test_a_rule_with_nth_looks_at_that_one_only() -> None:
    on = line("{notification: {nth: 2}, drop: true}")
    opened(on, "alice")
    assert events(heard(on, "alice", [HELD, HELD, HELD])) == [HELD, HELD]
    assert on.triggers == (1,)


def test_a_doubled_notification_comes_twice() -> None:
    on = line("{notification: {state: Held}, times: 2}")
    opened(on, "alice")
    assert events(heard(on, "alice", [HELD])) == [HELD, HELD]


def test_a_notification_behind_the_next_is_overtaken_by_it() -> None:
    on = line("{notification: {state: Held}, behind the next: true}")
    opened(on, "alice")
    assert events(heard(on, "alice", [HELD, DIALING])) == [DIALING, HELD]


def test_a_notification_behind_the_next_comes_alone_after_a_second_when_there_is_none() -> None:
    on = line("{notification: {state: Held}, behind the next: true}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD]) == [reply()]
    assert on.next_due(connect(on, "alice")) == 1.0
    assert later(on, "alice", 1.0) == [HELD, reply()]


def test_a_delayed_notification_leaves_when_it_is_due_and_not_before() -> None:
    on = line("{notification: {state: Held}, delay: 3}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD, DIALING], now=10.0) == [DIALING, reply()]
    assert later(on, "alice", 12.9) == [reply()]
    assert later(on, "alice", 13.0) == [HELD, reply()]


def test_a_misrouted_notification_reaches_the_other_agent_if_they_subscribed() -> None:
    on = line("{notification: {agent: alice}, also to: [bob, carol]}")
    for agent, channel in (("alice", "/v2/me/calls"), ("bob", "/v2/me/*"), ("carol", "/v2/me/chats")):
        opened(on, agent, channel)
    assert events(heard(on, "alice", [HELD])) == [HELD]
    assert later(on, "bob", 0.0) == [HELD, reply()]
    assert later(on, "carol", 0.0) == [reply()]


def test_a_redirected_notification_reaches_the_other_agent_alone() -> None:
    on = line("{notification: {agent: alice}, instead to: bob}")
    opened(on, "alice")
    opened(on, "bob")
    assert events(heard(on, "alice", [HELD])) == []
    assert events(later(on, "bob", 0.0)) == [HELD]


def test_a_rewritten_notification_keeps_its_place() -> None:
    on = line("{notification: {state: Held}, set: {data.call.state: Parked}}")
    opened(on, "alice")
    assert events(heard(on, "alice", [HELD, DIALING])) == [told("Parked"), DIALING]


def test_an_added_notification_follows_the_one_it_was_made_from() -> None:
    on = line("{notification: {state: Held}, adds: [{set: {data.call.id: B}, remove: [data.call.callUuid]}]}")
    opened(on, "alice")
    phantom = told("Held", call="B")
    phantom["data"]["call"].pop("callUuid")  # type: ignore[index, union-attr, call-overload]  # made above
    assert events(heard(on, "alice", [HELD])) == [HELD, phantom]


def test_gathered_notifications_leave_together() -> None:
    on = line("{delivery: {agent: alice}, gather: 0.5}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD], now=1.0) == [reply()]
    assert heard(on, "alice", [DIALING], now=1.2) == [reply()]
    assert later(on, "alice", 1.5) == [HELD, DIALING, reply()]


def test_one_by_one_each_has_its_own_delivery() -> None:
    on = line("{delivery: {}, one by one: true}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD, DIALING]) == [HELD, reply()]
    assert later(on, "alice", 0.0) == [DIALING, reply()]
    assert later(on, "alice", 0.0) == [reply()]


def test_replies_first_puts_the_events_behind() -> None:
    on = line("{delivery: {}, replies first: true}")
    opened(on, "alice")
    assert heard(on, "alice", [HELD, DIALING]) == [reply(), HELD, DIALING]


def test_a_copy_per_subscription_is_one_for_each_that_covers_the_channel() -> None:
    on = line("{notification: {}, function: copy_per_subscription}")
    opened(on, "alice", "/v2/me/calls", "/v2/me/*", "/v2/me/chats")
    assert events(heard(on, "alice", [HELD])) == [HELD, HELD]


def test_a_message_can_be_answered_here_and_does_not_go_on() -> None:
    on = line(
        "{message: {channel: /meta/subscribe, members: {subscription: {type: array}}}, is answered: {successful: false}}"
    )
    one: Message = {"channel": "/meta/subscribe", "id": "3", "subscription": ["/a"]}
    other: Message = {"channel": "/meta/subscribe", "id": "4", "subscription": "/a"}
    sent = on.sent("alice", [one, other], 0.0)
    assert sent.onward == (other,)
    answer: Message = {"channel": "/meta/subscribe", "id": "4", "successful": True}
    assert on.received(sent, [answer], 0.0) == [
        {"channel": "/meta/subscribe", "id": "3", "successful": False},
        answer,
    ]


def test_a_published_message_reaches_every_subscribed_session() -> None:
    on = line("{message: {channel: /v2/me/calls}, is answered: {successful: true}, is published: true}")
    opened(on, "alice")
    opened(on, "bob")
    on.sent("carol", [{"channel": "/v2/me/calls", "id": "5", "data": {"forged": True}}], 0.0)
    forged: Message = {"channel": "/v2/me/calls", "data": {"forged": True}}
    assert events(later(on, "alice", 0.0)) == events(later(on, "bob", 0.0)) == [forged]


def test_a_stolen_client_id_is_served_with_its_owners_credentials() -> None:
    on = line("{message: {leg: foreign}, sent as: owner}")
    opened(on, "alice")
    theft: Message = {"channel": "/meta/connect", "id": "1", "clientId": "session-of-alice"}
    assert on.sent("bob", [theft], 0.0).sent_as == "alice"
    assert on.sent("alice", [theft], 0.0).sent_as == ""


def test_another_agents_call_is_known_from_their_notifications() -> None:
    on = line("{request: {leg: foreign}, sent as: owner}")
    opened(on, "alice")
    heard(on, "alice", [HELD])
    request = operation("Hangup", "9", "bob")
    assert asked(on, request).request == request.by("alice")
    assert asked(on, operation("Hangup", "9", "alice")).request == operation("Hangup", "9", "alice")


def test_a_reply_can_lose_its_id() -> None:
    on = line("{reply: {channel: /meta/connect}, remove: [id]}")
    opened(on, "alice")
    assert heard(on, "alice", []) == [{"channel": "/meta/connect", "successful": True}]


def test_a_request_can_be_answered_here() -> None:
    on = line("{request: {operation: Hold}, answers: {value: {statusCode: 0}}}")
    assert on.asked(operation("Hold", "9", "alice"), 0.0) == Answer(
        200, (("content-type", "application/json"),), b'{"statusCode": 0}'
    )


def test_an_answer_can_be_changed_in_status_header_and_members() -> None:
    on = line(
        "{answer: {code: refused}, status: 200, content type: text/html, headers: {Allow: null}, remove: [statusMessage]}"
    )
    refusal = Answer(
        400,
        (("allow", "GET"), ("content-type", "application/json")),
        as_json({"statusCode": 2, "statusMessage": "no"}),
    )
    answer = on.answered(asked(on, operation("Hold", "9", "alice")), refusal, 0.0)
    assert answer == Answer(200, (("content-type", "text/html"),), b'{"statusCode":2}')


def test_the_leg_of_an_operation_is_the_state_last_delivered() -> None:
    on = line("{answer: {operation: Hold, leg: Held, code: taken}}")
    opened(on, "alice")
    taken = Answer(200, (), b'{"statusCode":0}')
    on.answered(asked(on, operation("Hold", "9", "alice")), taken, 0.0)
    heard(on, "alice", [HELD])
    on.answered(asked(on, operation("Hold", "9", "alice")), taken, 0.0)
    assert on.triggers == (1,)


def test_cometd_answers_are_left_alone_unless_a_path_names_them() -> None:
    request = Request(
        "POST", "/api/v2/notifications/connect", "", (("authorization", basic("alice")),), b"[]"
    )
    plain, named = (
        line("{answer: {}, status: 500}"),
        line('{answer: {path: "/notifications.*"}, status: 500}'),
    )
    assert plain.answered(asked(plain, request), Answer(200), 0.0).status == 200
    assert named.answered(asked(named, request), Answer(200), 0.0).status == 500


def test_a_cookie_identifies_the_agent_who_received_it() -> None:
    on = line("{request: {agent: alice}, answers: {status: 418}}")
    on_bob = operation("Hold", "9", "bob")
    on.answered(asked(on, on_bob), Answer(200, (("set-cookie", "JSESSIONID=7; Path=/"),)), 0.0)
    assert asked(on, Request("GET", "/api/v2/me", "", (("cookie", "other=1; JSESSIONID=7"),))).agent == "bob"


def test_a_refusal_by_notification_is_accepted_first_and_reported_later() -> None:
    on = line("{answer: {code: 2}, function: refuse_by_notification}")
    opened(on, "alice")
    refusal = Answer(400, (), as_json({"statusCode": 2, "statusMessage": "not now"}))
    assert on.answered(asked(on, operation("Hold", "9", "alice")), refusal, 1.0) == Answer(
        200, (), b'{"statusCode":0}'
    )
    data = {"messageType": "ErrorMessage", "errorMessage": "not now"}
    assert events(later(on, "alice", 1.1)) == [{"channel": "/v2/me/calls", "data": data}]


def test_the_list_of_calls_can_hold_one_that_is_over() -> None:
    on = line(
        "{notification: {}, function: remember_call}, {answer: {path: /me/calls}, function: list_last_call}"
    )
    opened(on, "alice")
    heard(on, "alice", [told("Released")])
    request = Request("GET", "/api/v2/me/calls", "", (("authorization", basic("alice")),))
    answer = on.answered(asked(on, request), Answer(200, (), as_json({"statusCode": 0, "calls": []})), 0.0)
    released = told("Released")["data"]["call"]  # type: ignore[index, call-overload]  # made above
    assert answer.value == {"statusCode": 0, "calls": [released]}


def asked(on: Line, request: Request) -> Asked:
    passed = on.asked(request, 0.0)
    assert isinstance(passed, Asked)
    return passed
