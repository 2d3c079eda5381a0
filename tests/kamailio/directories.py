# SPDX-License-Identifier: Apache-2.0
"""Directories of the scenarios: whole snapshots (docs/architecture.md, part 5) with two things left to us.

Ids are short words ("u401"), made into real ids here; every account's password is `pw-<username>`.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

type Snapshot = dict[str, Any]

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def password_of(username: str) -> str:
    return f"pw-{username}"


def load(file: Path) -> Snapshot:
    """Return the whole snapshot that the file describes."""
    snapshot: Snapshot = _with_ids(json.loads(file.read_text()))
    realm = snapshot["directory"]["realm"]
    for account in snapshot["accounts"]:
        username = account["username"]
        account["ha1_md5"], account["ha1_sha256"] = digests(username, realm, password_of(username))
    return snapshot


def digests(username: str, realm: str, password: str) -> tuple[str, str]:
    """Return what is kept of a password."""
    secret = f"{username}:{realm}:{password}".encode()
    return hashlib.md5(secret, usedforsecurity=False).hexdigest(), hashlib.sha256(secret).hexdigest()


def real_id(word: str) -> str:
    """Return the same ULID for the same word."""
    number = int.from_bytes(hashlib.sha256(word.encode()).digest()[:16])
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def _with_ids(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _with_ids(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_ids(item, key) for item in value]
    is_id = key == "id" or key.endswith(("_id", "_ids"))
    return real_id(value) if is_id and isinstance(value, str) else value
