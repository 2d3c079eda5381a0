# SPDX-License-Identifier: Apache-2.0
"""The directory: sites, buildings, units, accounts, doors and rules in one SQLite file (docs/architecture.md §1, §6).

Every call blocks (disk, lock): call it from an executor thread, never from an event loop. A Directory may be used from
several threads; its calls run one after another. What comes back is a copy. Types marked ``type_check_only`` exist for type
checkers alone: import them under ``TYPE_CHECKING``.
"""

from os import PathLike
from typing import Any, Literal, NotRequired, TypedDict, final, type_check_only

type NounName = Literal["site", "building", "unit", "account", "door", "rule"]
type Fields = dict[str, Any]
"""Fields of a noun in their JSON form; what does not fit is reported by DirectoryError, not by TypeError."""

type ErrorCode = Literal[
    "invalid",
    "not_found",
    "in_use",
    "conflict",
    "too_new",
    "corrupt",
    "read_only",
    "disk_full",
    "storage",
    "closed",
]

class DirectoryError(Exception):
    """Why a call was refused; nothing was changed then. `str()` of it is the message."""

    @property
    def code(self) -> ErrorCode: ...
    @property
    def message(self) -> str: ...
    @property
    def fields(self) -> list[FieldError]:
        """Every bad field, when the code is `invalid` or `in_use`."""

@final
class Directory:
    @staticmethod
    def create(path: str | PathLike[str], name: str, realm: str) -> Directory:
        """Make a new directory; `conflict` when the file is there already."""

    @staticmethod
    def open(path: str | PathLike[str]) -> Directory:
        """Open a directory and bring its tables up to date.

        `not_found`; `conflict` when another process or Directory has it open; `too_new`, `corrupt` leave the file as it is;
        `read_only`.
        """

    def close(self) -> None:
        """Close the file; further calls fail with `closed`. Closing twice is fine."""

    def info(self) -> Info: ...
    def list_sites(self, filter: None = None) -> list[Site]: ...
    def get_site(self, id: str) -> Site: ...
    def create_site(self, fields: Fields, *, actor: str) -> Site: ...
    def update_site(self, id: str, fields: Fields, *, actor: str) -> Site: ...
    def delete_site(self, id: str, *, actor: str) -> None: ...
    def list_buildings(self, filter: Fields | None = None) -> list[Building]:
        """By `site_id`."""

    def get_building(self, id: str) -> Building: ...
    def create_building(self, fields: Fields, *, actor: str) -> Building: ...
    def update_building(self, id: str, fields: Fields, *, actor: str) -> Building: ...
    def delete_building(self, id: str, *, actor: str) -> None: ...
    def list_units(self, filter: Fields | None = None) -> list[Unit]:
        """By `building_id`."""

    def get_unit(self, id: str) -> Unit: ...
    def create_unit(self, fields: Fields, *, actor: str) -> Unit: ...
    def update_unit(self, id: str, fields: Fields, *, actor: str) -> Unit: ...
    def delete_unit(self, id: str, *, actor: str) -> None: ...
    def list_accounts(self, filter: Fields | None = None) -> list[Account]:
        """By `owner`."""

    def get_account(self, id: str) -> Account: ...
    def create_account(self, fields: Fields, *, actor: str, password: str | None = None) -> tuple[Account, str]:
        """The account and its password, which is shown here and never again. Without a password one is made."""

    def update_account(self, id: str, fields: Fields, *, actor: str, password: str | None = None) -> Account:
        """A new `username` needs a password (a new one or the old one again), because the stored form depends on both."""

    def delete_account(self, id: str, *, actor: str) -> None: ...
    def reset_password(self, account_id: str, *, actor: str, password: str | None = None) -> str:
        """The new password, made here unless given."""

    def list_doors(self, filter: Fields | None = None) -> list[Door]:
        """By `account_id`."""

    def get_door(self, id: str) -> Door: ...
    def create_door(self, fields: Fields, *, actor: str) -> Door: ...
    def update_door(self, id: str, fields: Fields, *, actor: str) -> Door: ...
    def delete_door(self, id: str, *, actor: str) -> None: ...
    def list_rules(self, filter: Fields | None = None) -> list[Rule]:
        """By `owner`."""

    def get_rule(self, id: str) -> Rule: ...
    def create_rule(self, fields: Fields, *, actor: str) -> Rule: ...
    def update_rule(self, id: str, fields: Fields, *, actor: str) -> Rule: ...
    def delete_rule(self, id: str, *, actor: str) -> None: ...
    def apply(self, operations: list[Operation], *, actor: str) -> Applied:
        """Several operations as one change: all of them or none. At most 10,000."""

    def changes_since(self, revision: int) -> ChangeSet | None:
        """What differs now from that revision; None when it is too old (or not reached yet): read everything anew."""

    def list_audit(self, limit: int, before: int | None = None) -> list[AuditEntry]:
        """The newest entries first; `before` is the `sequence` of the last one already seen. At most 1,000."""

    def simulate(self, caller_account_id: str, dialled: str, at: str | None = None) -> Simulation:
        """What a call would do at a moment (ISO 8601, UTC; default now), with the reason for each rule."""

    def snapshot(self) -> str:
        """The whole directory for the gateway, as JSON text. Contains credentials: never log or show it."""

    def snapshot_changes(self, base_revision: int) -> str | None:
        """The changes since a revision, as JSON text with credentials; None when the base is too old."""

    def record_events(self, stream: str, events: list[tuple[int, Event]]) -> list[int]:
        """Store events together with the cursor; returns the numbers that were not there before."""

    def event_cursor(self) -> tuple[str, int] | None:
        """Stream and number of the last event stored; None before the first."""

    def explain_call(self, call_id: str) -> Explanation:
        """Why it rang, or did not: what happened, in sentences; `not_found` when none of its events is kept."""

    def list_calls(self, limit: int, before: int | None = None, unit_id: str | None = None) -> list[Call]:
        """The newest calls first; `before` is the `sequence` of the last one already seen. At most 1,000."""

@type_check_only
class FieldError(TypedDict):
    code: Literal[
        "required",
        "unknown",
        "type",
        "format",
        "range",
        "length",
        "duplicate",
        "not_found",
        "wrong_kind",
        "other_site",
        "too_many",
        "in_use",
    ]
    path: str
    message: str

@type_check_only
class Counts(TypedDict):
    sites: int
    buildings: int
    units: int
    accounts: int
    doors: int
    rules: int

@type_check_only
class Info(TypedDict):
    id: str
    name: str
    realm: str
    revision: int
    counts: Counts

@type_check_only
class Owner(TypedDict):
    type: Literal["unit", "building", "site"]
    id: str

@type_check_only
class Site(TypedDict):
    id: str
    name: str
    time_zone: str
    domain: str
    allowed_domains: list[str]

@type_check_only
class Building(TypedDict):
    id: str
    site_id: str
    name: str
    code: str

@type_check_only
class Unit(TypedDict):
    id: str
    building_id: str
    name: str
    number: str
    do_not_disturb: bool

@type_check_only
class Account(TypedDict):
    id: str
    owner: Owner
    kind: Literal["door", "panel", "mobile"]
    username: str
    name: str
    enabled: bool

@type_check_only
class Door(TypedDict):
    id: str
    account_id: str
    name: str
    method: Literal["dtmf", "http", "action"]
    dtmf_code: str | None
    http_url: str | None
    ha_action: str | None
    ha_entity_id: str | None

@type_check_only
class Rule(TypedDict):
    id: str
    owner: Owner
    position: int
    enabled: bool
    source_pattern: str
    schedule: dict[str, Any] | None
    action: Literal["ring", "forward", "voicemail", "reject"]
    target: dict[str, Any]
    ring_seconds: int
    on_decline: Literal["stop", "continue"]

@type_check_only
class Operation(TypedDict):
    operation: Literal["create", "update", "delete"]
    noun: NounName
    id: NotRequired[str]
    """Required for update and delete; a create may choose its own, so that later operations can refer to it."""
    fields: NotRequired[Fields]
    password: NotRequired[str | None]
    """Accounts only, as in create_account and update_account."""

@type_check_only
class OperationResult(TypedDict):
    id: str
    object: dict[str, Any] | None
    """The object as it is after the whole change; None when it is gone."""
    password: NotRequired[str]
    """Present for a created account: shown here and never again."""

@type_check_only
class Applied(TypedDict):
    revision: int
    results: list[OperationResult]

@type_check_only
class ObjectIds(TypedDict):
    sites: list[str]
    buildings: list[str]
    units: list[str]
    accounts: list[str]
    doors: list[str]
    rules: list[str]

@type_check_only
class ChangeSet(TypedDict):
    revision: int
    """The revision that these changes lead to; ask for the next ones since this."""
    added: ObjectIds
    updated: ObjectIds
    removed: ObjectIds

@type_check_only
class AuditEntry(TypedDict):
    sequence: int
    revision: int
    at: str
    actor: str
    operation: Literal["create", "update", "delete"]
    noun: NounName
    id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    """As in the nouns' JSON form. An account whose password was set carries `"password_changed": true`, never the password."""

@type_check_only
class RuleOutcome(TypedDict):
    rule_id: str
    owner: Owner
    position: int
    matched: bool
    reason: str

@type_check_only
class Simulation(TypedDict):
    outcome: Literal["steps", "denied"]
    code: int | None
    reason: str | None
    called: dict[str, Any]
    steps: list[dict[str, Any]]
    rules: list[RuleOutcome]

type Event = dict[str, Any]
"""An event of a call as the gateway sends it (docs/architecture.md §4); `type`, `call_id` and `at` are required."""

@type_check_only
class Call(TypedDict):
    sequence: int
    call_id: str
    at: str
    """The moment of the first event."""
    status: Literal["incoming", "ringing", "answered", "declined", "missed", "ended", "denied"] | None
    """How far the call came; None while nothing is known but a step."""
    test: bool
    session_id: str | None
    """Of the browser that called."""
    caller: dict[str, Any] | None
    dialled: str | None
    site_id: str | None
    building_id: str | None
    unit_id: str | None
    account_id: str | None
    steps: list[dict[str, Any]]
    by: str | None
    """Username of the device that answered or declined."""
    answered_by: str | None
    """`voicemail` for the gateway's agent, empty for a SIP URI."""
    answered_at: str | None
    ended_at: str | None
    seconds: float | None
    """From the answer to the end."""
    code: int | None
    reason: str | None
    packets: int | None
    message_id: str | None
    events: list[Event]

@type_check_only
class Sentence(TypedDict):
    code: str
    """One of native/explain/code.hpp; says with the parameters what the text says in English."""
    at: str | None
    text: str
    parameters: dict[str, Any]

@type_check_only
class Explanation(TypedDict):
    call_id: str
    outcome: Literal["answered", "message", "declined", "missed", "denied"] | None
    """None while the call has not ended."""
    sentences: list[Sentence]
