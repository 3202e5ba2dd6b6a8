"""A real browser: which pages of other origins get their session cookie back. Skipped where no Chromium is installed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest

from ..process import serving  # noqa: TID252  # one floor up, as the house is

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
PATIENCE_S = 90
#: Logs in with credentials, then asks again with nothing but the cookie, and shows what it was told.
PAGE = """<!doctype html><pre id="told"></pre><script>
(async () => {
  const me = "http://HOST:PORT/api/v2/me", told = [];
  for (const headers of [{Authorization: "Basic MTUwMDA6MTUwMDA="}, {}]) {
    const answer = await fetch(me, {headers, credentials: "include"});
    const body = await answer.json();
    told.push([answer.status, body.statusMessage || body.user.userName]);
  }
  document.getElementById("told").textContent = JSON.stringify(told);
})().catch(error => { document.getElementById("told").textContent = JSON.stringify(String(error)); });
</script>"""


@contextmanager
def pages() -> Iterator[tuple[int, dict[str, str]]]:
    """A server of pages on this machine: its port, and the pages by their paths."""
    shown: dict[str, str] = {}

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = shown.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1], shown
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def told_in_browser(url: str) -> object:
    """What the page shows once its requests have been answered."""
    with tempfile.TemporaryDirectory() as profile:
        options = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--virtual-time-budget=30000",
            f"--user-data-dir={profile}",
        )
        done = subprocess.run(
            [CHROMIUM, *options, "--dump-dom", url],
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
    found = re.search(r'<pre id="told">(.*?)</pre>', done.stdout)
    assert found is not None, done.stdout
    return json.loads(found[1])


@pytest.mark.slow
@pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed here")
def test_a_page_on_another_port_of_the_same_host_keeps_its_cookie_and_one_on_another_host_is_told_why_not() -> (
    None
):
    """The example in README, and the mistake next to it."""
    log: list[str] = []
    with pages() as (port, shown):
        page = f"http://localhost:{port}"
        with serving("--cors", page, log=log) as address:
            for host in ("localhost", "127.0.0.1"):
                shown[f"/{host}"] = PAGE.replace("HOST", host).replace("PORT", str(urlsplit(address).port))
            assert told_in_browser(f"{page}/localhost") == [[200, "15000"], [200, "15000"]]
            (first, (status, message)) = told_in_browser(f"{page}/127.0.0.1")
    assert (first, status) == ([200, "15000"], 403)
    assert f"the page is on another site ({page})" in message
    assert len([line for line in log if "so its browser sends no session cookie" in line]) == 1
