"""The TypeScript stubs: clean for tsc --strict, and a desktop's slips do not compile."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from callproof.stubs import render

from .small_bundles import ASYNCAPI, OPENAPI

CHECKOUT = Path(__file__).parents[3]
TSC = CHECKOUT / "node_modules/.bin/tsc"

needs_tsc = pytest.mark.skipif(
    shutil.which("node") is None or not TSC.exists(), reason="node or TypeScript is not installed: run npm ci"
)

DESKTOP = """
import type { Call, CallOperation, Capability, Notification, NotificationData } from "./gws";

export const right: CallOperation = { operationName: "InitiateConference", destination: { phoneNumber: "15002" } };

// @ts-expect-error a conference needs a destination
export const lacking: CallOperation = { operationName: "InitiateConference" };

// @ts-expect-error nothing is called so
export const unknown: CallOperation = { operationName: "StartParty" };

// @ts-expect-error the number is a string
export const typed: CallOperation = { operationName: "InitiateConference", destination: { phoneNumber: 15002 } };

export function number(body: CallOperation): string {
  switch (body.operationName) {
    case "InitiateConference":
      return body.destination.phoneNumber;
    default:
      // @ts-expect-error only some operations have a destination
      return body.destination.phoneNumber;
  }
}

export const documented: Capability = "Hold";
export const anothersOwn: Capability = "OpenTheWindow";
// @ts-expect-error a capability is a word
export const numbered: Capability = 1;

export function told(notification: Notification): Call | undefined {
  const data: NotificationData = notification.data;
  // @ts-expect-error an error tells of no call
  data.call;
  return data.messageType === "CallStateChangeMessage" ? data.call : undefined;
}
"""


def compiled(folder: Path) -> str:
    run = subprocess.run(
        [
            str(TSC),
            "--noEmit",
            "--strict",
            "--target",
            "es2022",
            *(path.name for path in sorted(folder.iterdir())),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)


def real() -> dict[str, str]:
    openapi, asyncapi = (
        json.loads((CHECKOUT / "dist" / name).read_text()) for name in ("openapi.json", "asyncapi.json")
    )
    return render("typescript", openapi, asyncapi)


def test_the_stubs_are_one_declaration_file() -> None:
    assert list(render("typescript", OPENAPI, ASYNCAPI)) == ["gws.d.ts"]


def test_an_open_list_completes_its_documented_words_and_takes_others() -> None:
    text = render("typescript", OPENAPI, ASYNCAPI)["gws.d.ts"]
    assert '/** An operation. */\nexport type Capability = "Hold" | "Retrieve" | (string & {});\n' in text


def test_a_comment_never_ends_before_its_end() -> None:
    assert (
        '/** A leg. It is said to be "live" until it is Released * /. */\n'
        in render("typescript", OPENAPI, ASYNCAPI)["gws.d.ts"]
    )


@needs_tsc
@pytest.mark.parametrize(
    "files", [render("typescript", OPENAPI, ASYNCAPI), real()], ids=["small", "contract"]
)
def test_a_desktop_s_right_use_compiles_and_its_wrong_use_does_not(
    tmp_path: Path, files: dict[str, str]
) -> None:
    write(tmp_path, {**files, "desktop.ts": DESKTOP})
    assert compiled(tmp_path) == ""


@needs_tsc
def test_the_committed_declarations_are_those_of_the_contract(tmp_path: Path) -> None:
    assert (CHECKOUT / "dist/stubs/typescript/gws.d.ts").read_text() == real()["gws.d.ts"]
