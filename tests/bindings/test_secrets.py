# SPDX-License-Identifier: Apache-2.0
"""Passwords are shown once; what is as good as a password is in snapshots alone."""

from collections.abc import Callable
import json
from pathlib import Path
from typing import Any

from _core import DirectoryError
import pytest

from .estate import ACTOR, Estate

CHOSEN = "correct horse battery"


def secrets_of(estate: Estate) -> set[str]:
    """The estate's password and every digest of a snapshot."""
    accounts = json.loads(estate.directory.snapshot())["accounts"]
    return {estate.hall_password} | {account[name] for account in accounts for name in ("ha1_md5", "ha1_sha256")}


ANSWERS: dict[str, Callable[[Estate], Any]] = {
    "info": lambda e: e.directory.info(),
    "list": lambda e: e.directory.list_accounts(),
    "get": lambda e: e.directory.get_account(e.hall),
    "update": lambda e: e.directory.update_account(e.hall, {"name": "Hall"}, actor=ACTOR),
    "new password": lambda e: e.directory.update_account(e.hall, {}, actor=ACTOR, password=CHOSEN),
    "audit": lambda e: e.directory.list_audit(1000),
    "changes": lambda e: e.directory.changes_since(0),
    "simulate": lambda e: e.directory.simulate(e.gate, "hall"),
    "repr": lambda e: [repr(e.directory), str(e.directory), vars(type(e.directory))],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_have_no_secrets(estate: Estate, name: str) -> None:
    secrets = secrets_of(estate) | {CHOSEN}
    text = repr(ANSWERS[name](estate))
    secrets |= secrets_of(estate)
    assert len(secrets) >= 5
    assert [secret for secret in secrets if secret in text] == []
    assert "ha1" not in text


ERRORS: dict[str, Callable[[Estate], Any]] = {
    "actor": lambda e: e.directory.create_account(e.account_fields(), actor=7, password=CHOSEN),  # type: ignore[arg-type]
    "fields": lambda e: e.directory.create_account(7, actor=ACTOR, password=CHOSEN),  # type: ignore[arg-type]
    "username": lambda e: e.directory.create_account(e.account_fields(username=""), actor=ACTOR, password=CHOSEN),
    "in fields": lambda e: e.directory.create_account(e.account_fields(password=CHOSEN), actor=ACTOR),
    "control": lambda e: e.directory.reset_password(e.hall, actor=ACTOR, password=CHOSEN + "\n"),
    "a list": lambda e: e.directory.reset_password(e.hall, actor=ACTOR, password=[CHOSEN]),  # type: ignore[arg-type]
    "no account": lambda e: e.directory.reset_password("x", actor=ACTOR, password=CHOSEN),
    "of a unit": lambda e: e.directory.apply(
        [{"operation": "create", "noun": "unit", "password": CHOSEN}], actor=ACTOR
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_have_no_secrets(estate: Estate, name: str) -> None:
    with pytest.raises(DirectoryError) as refused:
        ERRORS[name](estate)
    assert CHOSEN not in repr(refused.value)
    assert CHOSEN not in str(refused.value.__dict__)


def test_passwords_are_strong_and_differ(estate: Estate) -> None:
    passwords = {estate.directory.reset_password(estate.hall, actor=ACTOR) for _ in range(20)}
    assert len(passwords) == 20
    assert all(len(password) >= 26 for password in passwords)


def test_a_reset_changes_the_credentials(estate: Estate) -> None:
    before = secrets_of(estate)
    assert estate.directory.reset_password(estate.hall, actor=ACTOR, password=CHOSEN) == CHOSEN
    assert len(secrets_of(estate) - before) == 2


def test_passwords_are_not_in_the_file(estate: Estate, file: Path) -> None:
    estate.directory.reset_password(estate.gate, actor=ACTOR, password=CHOSEN)
    estate.directory.close()
    content = file.read_bytes()
    assert estate.hall_password.encode() not in content
    assert CHOSEN.encode() not in content
