"""What is secret is masked where it is known to be secret, and wherever it turns up later."""

import json
from base64 import b64encode
from collections.abc import Callable

import pytest

from callproof import limits
from callproof.bayeux import Json
from callproof.redaction import Redactor
from callproof.shortening import MOST_KEPT, to_show
from conformance.tests.secrecy.spelling import ENCODINGS

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


def test_a_short_secret_is_masked_as_a_word_and_a_very_short_one_as_a_whole_value_only() -> None:
    """docs/limits.md: characters of a secret that is found anywhere, and as a word."""
    assert Redactor(["b!b", "7"]).value(
        {"a": "b!b", "b": "xb!bx, (b!b)", "c": "7", "d": "7 of 7", "e": 7}
    ) == {
        "a": "***",
        "b": "xb!bx, (***)",
        "c": "***",
        "d": "7 of 7",
        "e": "***",
    }


def test_a_login_that_is_a_public_number_does_not_hide_the_calls() -> None:
    redactor = Redactor(public=["15000"])
    redactor.learn_login("15000", "15000")

    assert redactor.value({"phoneNumber": "15000"}) == {"phoneNumber": "15000"}
    assert redactor.headers([("Authorization", "Basic MTUwMDA6MTUwMDA=")]) == [["Authorization", "Basic ***"]]


SECRETS = ['p"w/ä €<&>\\ 1\U0001f600~?', "bob'pässwört+%41;", "&lt;b\\u0041 %2525"]


@pytest.mark.parametrize("encoding", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_masked_in_every_encoding_that_it_travels_in(
    encoding: Callable[[str], str], secret: str
) -> None:
    assert Redactor([secret]).text(f"[{encoding(secret)}]") == "[***]"
    assert Redactor([secret]).text(json.dumps(encoding(secret))) == '"***"'


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
@pytest.mark.parametrize("after", ["", "z", ":x"])
def test_a_secret_is_masked_within_base64_of_more(before: str, after: str) -> None:
    text = b64encode(f"{before}hunter22-of-alice{after}".encode()).decode()
    shown = Redactor(["hunter22-of-alice"]).text(text)
    assert "***" in shown
    assert (
        len(shown) <= len(text) - 22 + 3
    )  # no more than the characters that also depend on what stands beside it


def test_secrets_that_overlap_are_masked_as_one() -> None:
    assert (
        Redactor(["abcdefgh", "efghijkl", "hunter22", "hunter22-long"]).text("abcdefghijkl hunter22-long")
        == "*** ***"
    )


def test_a_number_that_is_a_secret_is_masked_and_another_is_not() -> None:
    assert Redactor(["12345678"]).value([12345678, 1234567, 12345678.5, True]) == [
        "***",
        1234567,
        12345678.5,
        True,
    ]


def test_names_of_members_are_masked_too() -> None:
    assert Redactor(["hunter22"]).value({"hunter22": 1}) == {"***": 1}


def test_headers_and_cookies_as_har_has_them_are_masked_and_learned() -> None:
    har: Json = {
        "seen": "Basic YWxpY2U6aHVudGVyMjI= opaque-value",
        "headers": [{"name": "Authorization", "value": "opaque-value"}, {"name": "Accept", "value": "text"}],
        "cookies": [{"name": "JSESSIONID", "value": "0123456789abcdef"}],
        "text": "0123456789abcdef",
    }
    assert Redactor().value(har) == {
        "seen": "Basic *** ***",
        "headers": [{"name": "Authorization", "value": "***"}, {"name": "Accept", "value": "text"}],
        "cookies": [{"name": "***", "value": "***"}],
        "text": "***",
    }


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "<pre>Authorization: Basic abcdef\nCookie: a=b; c=d</pre>",
            "<pre>Authorization: ***\nCookie: ***</pre>",
        ),
        ("Authorization: required", "Authorization: ***"),
        ("HTTP Basic authentication, Bearer tokens", "HTTP Basic authentication, Bearer tokens"),
        ("Bearer abcdefghijklmnop0123", "Bearer ***"),
        ("the token: required, as is authorization", "the token: required, as is authorization"),
        (r"\u0022token\u0022\u003a\u0022t0k3n\u0022", r"\u0022token\u0022\u003a\u0022***\u0022"),
        ("&quot;password&quot;: &quot;hunter22&quot;", "&quot;password&quot;: &quot;***&quot;"),
    ],
)
def test_headers_and_schemes_are_found_in_texts(text: str, masked: str) -> None:
    assert Redactor().text(text) == masked


def test_the_oldest_secret_of_a_server_makes_room_and_the_runs_own_never_do() -> None:
    redactor = Redactor(["hunter22"])
    for number in range(limits.SECRETS_LEARNED.default + 1):
        redactor.headers([("Set-Cookie", f"a=cookie-value-{number:06}")])
    assert (
        redactor.text("hunter22 cookie-value-000000 cookie-value-000001")
        == "*** cookie-value-000000 cookie#2"
    )


def test_a_secret_of_the_run_stays_known_also_if_a_server_named_it_or_its_like_first() -> None:
    """The spellings of one secret may be those of another; a server that floods its client must not make it forget them."""
    redactor = Redactor()
    redactor.headers([("Set-Cookie", "a=hunter22 b"), ("Set-Cookie", "b=hunter22+c")])
    redactor.learn("hunter22+b")
    redactor.learn("hunter22+c")
    for number in range(limits.SECRETS_LEARNED.default + 1):
        redactor.headers([("Set-Cookie", f"a=cookie-value-{number:06}")])
    assert "hunter22" not in redactor.text("hunter22+b hunter22+c")


@pytest.mark.parametrize(
    "unit",
    [
        "hunter2-",
        "token",
        "clientId_",
        '"token"   ',
        "secret=",
        r"\"token\" ",
        "%22%41",
        r"\u0061\\u0062",
        "\\",
        "&#97;&amp;",
        "Basic ",
        "http://a:b",
    ],
)
def test_the_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    """It was quadratic: a text of this length took hours. If it is again, the time limit of the tests ends this one."""
    redactor = Redactor(["hunter2-hunter2!"])
    text = unit * (300_000 // len(unit))
    assert "hunter2-hunter2!" not in redactor.text(text)


def test_a_long_value_is_masked_before_it_is_cut_also_where_it_was_kept_in_part() -> None:
    secret = "s" + "0123456789" * 200
    text = to_show(secret * 9, 200, "...")
    assert len(secret * 8) < MOST_KEPT < len(secret * 9)
    assert Redactor([secret]).shown(text) == "..."


def test_marks_that_a_server_sends_are_replaced() -> None:
    assert Redactor().shown("a\ufdda\ufdd1\ufddbb") == "a\ufffd\ufffd\ufffdb"
    assert to_show("a\ufdda", 5, "...") == "a\ufffd"
