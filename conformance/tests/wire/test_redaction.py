"""What is secret is masked where it is known to be secret, and wherever it turns up later."""

import pytest

from callproof.bayeux import Json
from callproof.wire import Redactor

CLIENT_ID = "5f1d2c3b4a596877"


def test_an_authorization_header_keeps_its_scheme_only() -> None:
    assert Redactor().headers([("Authorization", "Basic YWxpY2U6cHc="), ("authorization", "opaque")]) == [
        ["Authorization", "Basic ***"],
        ["authorization", "***"],
    ]


def test_cookies_keep_their_names_and_attributes_and_can_be_distinguished() -> None:
    redactor = Redactor()

    assert redactor.headers(
        [
            ("Set-Cookie", "JSESSIONID=0123456789abcdef; Path=/; HttpOnly"),
            ("Cookie", "JSESSIONID=0123456789abcdef; other=fedcba9876543210"),
        ]
    ) == [
        ["Set-Cookie", "JSESSIONID=cookie#1; Path=/; HttpOnly"],
        ["Cookie", "JSESSIONID=cookie#1; other=cookie#2"],
    ]


def test_a_csrf_token_is_masked_and_the_name_of_its_header_is_not() -> None:
    assert Redactor().headers([("X-CSRF-HEADER", "X-CSRF-TOKEN"), ("X-CSRF-TOKEN", "1234-5678")]) == [
        ["X-CSRF-HEADER", "X-CSRF-TOKEN"],
        ["X-CSRF-TOKEN", "***"],
    ]


def test_a_client_id_has_one_alias_throughout() -> None:
    redactor = Redactor()

    assert redactor.value(
        [{"channel": "/meta/handshake", "clientId": CLIENT_ID}, {"clientId": "another-id"}]
    ) == [
        {"channel": "/meta/handshake", "clientId": "client#1"},
        {"clientId": "client#2"},
    ]
    assert redactor.value({"error": f"402:{CLIENT_ID}:Unknown client"}) == {
        "error": "402:client#1:Unknown client"
    }


def test_a_client_id_is_masked_where_it_stands_before_the_member_that_names_it() -> None:
    assert Redactor().value([{"error": f"402:{CLIENT_ID}:"}, {"clientId": CLIENT_ID}]) == [
        {"error": "402:client#1:"},
        {"clientId": "client#1"},
    ]


@pytest.mark.parametrize("odd", ["", "1", 17, ["x"], {"a": 1}])
def test_a_client_id_of_any_shape_is_masked_in_its_place_and_the_rest_stays_readable(odd: Json) -> None:
    assert Redactor().value({"clientId": odd, "id": "1", "number": 17}) == {
        "clientId": "client#1",
        "id": "1",
        "number": 17,
    }


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f'[{{"clientId":"{CLIENT_ID}","chan', '[{"clientId":"client#1","chan'),
        (
            f"message=%5B%7B%22clientId%22%3A%22{CLIENT_ID}%22",
            "message=%5B%7B%22clientId%22%3A%22client#1%22",
        ),
        ("clientId=abc&jsonp=cb", "clientId=client#1&jsonp=cb"),
        ('{"password": "hunter22", "x": 1', '{"password": "***", "x": 1'),
        (r'{"password": "a b&c;d\"e", "x": 1', '{"password": "***", "x": 1'),
        ('{"password": "cut o', '{"password": "***'),
        (r'{"text": "{\"token\": \"a b\"}"', r'{"text": "{\"token\": \"***\"}"'),
        ("/calls;jsessionid=A1B2C3?token=t0k3n&n=1", "/calls;jsessionid=***?token=***&n=1"),
        ("http://alice:pw@host/api", "http://***@host/api"),
        ("Missing or invalid Csrf token", "Missing or invalid Csrf token"),
        ("clientId: required", "clientId: required"),
    ],
)
def test_secrets_are_found_by_name_in_texts(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked


def test_members_named_as_secrets_are_masked() -> None:
    assert Redactor().value({"password": "hunter22", "apiKey": "k", "tokens": 3, "seen": "hunter22"}) == {
        "password": "***",
        "apiKey": "***",
        "tokens": 3,
        "seen": "***",
    }


def test_a_login_is_masked_in_all_the_forms_it_travels_in() -> None:
    redactor = Redactor()
    redactor.learn_login("alice@tenant", 'p"w/ä1')

    assert redactor.text("alice@tenant alice%40tenant YWxpY2VAdGVuYW50OnAidy/DpDE=") == "*** *** ***"
    assert redactor.text(r'p"w/ä1 p%22w%2F%C3%A41 p\"w/\u00e41') == "*** *** ***"


def test_a_short_secret_is_masked_as_a_whole_value_only() -> None:
    assert Redactor(["bob"]).value({"userName": "bob", "text": "bobbin"}) == {
        "userName": "***",
        "text": "bobbin",
    }


def test_a_login_that_is_a_public_number_does_not_hide_the_calls() -> None:
    redactor = Redactor(public=["15000"])
    redactor.learn_login("15000", "15000")

    assert redactor.value({"phoneNumber": "15000"}) == {"phoneNumber": "15000"}
    assert redactor.headers([("Authorization", "Basic MTUwMDA6MTUwMDA=")]) == [["Authorization", "Basic ***"]]
