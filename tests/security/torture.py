# SPDX-License-Identifier: Apache-2.0
"""The messages of torture/, and how an answer to one of them is judged."""

from dataclasses import dataclass
import json
from pathlib import Path
import re
from typing import Any

FOLDER = Path(__file__).parent / "torture"


@dataclass(frozen=True)
class Message:
    """One message and what its RFC expects (torture/README.md)."""

    name: str
    data: bytes
    expect: dict[str, Any]

    def judge(self, replies: list[str]) -> str:
        """`right`, `stricter` (silence, or another refusal), or `wrong`."""
        if self.expect["kind"] == "response":
            return "wrong" if replies else "right"
        unwanted = self.expect.get("must_not_answer_cseq")
        if unwanted and any(re.search(rf"^CSeq: *\d+ {unwanted}\r$", reply, re.MULTILINE) for reply in replies):
            return "wrong"
        if not replies:
            return "stricter"
        codes = [reply.split(" ", 2)[1] for reply in replies]
        code = next((code for code in codes if code[0] != "1"), codes[0])
        if _fits(code, self.expect["wrong"]):
            return "wrong"
        if _fits(code, self.expect["want"]) or (self.expect["wrong"] and not self.expect["want"]):
            return "right"
        if code[0] in "12":
            return "right" if self.expect["liberal_ok"] else "wrong"
        return "stricter"


def load() -> list[Message]:
    manifest = json.loads((FOLDER / "manifest.json").read_text())
    return [Message(entry["name"], (FOLDER / entry["file"]).read_bytes(), entry) for entry in manifest["messages"]]


def _fits(code: str, patterns: list[str]) -> bool:
    return any(code == pattern or (pattern.endswith("xx") and code[0] == pattern[0]) for pattern in patterns)
