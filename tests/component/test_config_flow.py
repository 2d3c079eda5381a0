# SPDX-License-Identifier: Apache-2.0
"""Every branch of the flow, and that a person gets on from each error."""

from collections.abc import Awaitable, Callable
from pathlib import Path
import shutil
from typing import Any

from aiohttp import web
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntry, ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest

from .administrator import Administrator
from .conftest import DOMAIN, REALM, reconfigure
from .fake_gateway import TOKEN, FakeGateway
from .waiting import until

OTHER = {"id": "01J000000000000000000TEHR1", "name": "Old house", "realm": "old.example.org"}
FORM = {"name": "Home", "realm": REALM}

type Answer = Callable[..., Awaitable[ConfigFlowResult]]


@pytest.fixture
def start(hass: HomeAssistant) -> Answer:
    async def begin() -> ConfigFlowResult:
        return await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})

    return begin


@pytest.fixture
def submit(hass: HomeAssistant) -> Answer:
    async def configure(shown: ConfigFlowResult, **typed: str) -> ConfigFlowResult:
        result = await hass.config_entries.flow.async_configure(shown["flow_id"], typed)
        await hass.async_block_till_done()
        return result

    return configure


def suggested(shown: ConfigFlowResult) -> dict[str, Any]:
    schema = shown["data_schema"]
    assert schema is not None
    return {str(key): (key.description or {}).get("suggested_value") for key in schema.schema}


def file_of(hass: HomeAssistant, realm: str = REALM) -> Path:
    return Path(hass.config.path(DOMAIN, f"{realm}.sqlite"))


async def test_without_a_gateway(hass: HomeAssistant, start: Answer, submit: Answer) -> None:
    shown = await start()
    assert (shown["type"], shown["step_id"], shown["errors"]) == (FlowResultType.FORM, "user", {})
    assert suggested(shown)["name"] == "test home"
    assert suggested(shown)["realm"] == "test-home.neolia.local"
    result = await submit(shown, **FORM)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    assert (entry.title, dict(entry.data), entry.state) == ("Home", {"realm": REALM}, ConfigEntryState.LOADED)
    assert len(entry.unique_id or "") == 26
    assert file_of(hass).exists()
    assert file_of(hass).parent.stat().st_mode & 0o777 == 0o700


async def test_with_a_gateway(start: Answer, submit: Answer, gateway: FakeGateway) -> None:
    result = await submit(await start(), **FORM, gateway_url=f"{gateway.url}/", gateway_token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {"realm": REALM, "gateway_url": f"{gateway.url}/", "gateway_token": TOKEN}
    await until(lambda: gateway.directory)
    assert gateway.directory == {"id": result["result"].unique_id, "name": "Home", "realm": REALM}


BAD_FORMS = {
    "realm with spaces": ({"realm": "my home"}, {"realm": "invalid_realm"}),
    "realm that is a path": ({"realm": "../../secrets"}, {"realm": "invalid_realm"}),
    "realm with an empty part": ({"realm": "home..local"}, {"realm": "invalid_realm"}),
    "realm with a NUL": ({"realm": "home\x00.local"}, {"realm": "invalid_realm"}),
    "realm too long": ({"realm": "a." * 120 + "a"}, {"realm": "invalid_realm"}),
    "realm of 10 MB": ({"realm": "a" * 10_000_000}, {"realm": "invalid_realm"}),
    "empty realm": ({"realm": ""}, {"realm": "invalid_realm"}),
    "empty name": ({"name": " "}, {"name": "invalid_name"}),
    "name too long": ({"name": "x" * 101}, {"name": "invalid_name"}),
    "name of 10 MB": ({"name": "x" * 10_000_000}, {"name": "invalid_name"}),
    "name with control characters": ({"name": "Home\x07"}, {"name": "invalid_name"}),
    "token without address": ({"gateway_token": TOKEN}, {"gateway_url": "missing_gateway_url"}),
    "address without token": ({"gateway_url": "http://127.0.0.1:9"}, {"gateway_token": "missing_gateway_token"}),
    "address without scheme": (
        {"gateway_url": "127.0.0.1:9", "gateway_token": TOKEN},
        {"gateway_url": "invalid_gateway_url"},
    ),
    "address with a password": (
        {"gateway_url": "http://me:secret@127.0.0.1:9", "gateway_token": TOKEN},
        {"gateway_url": "invalid_gateway_url"},
    ),
    "token with a line break": (
        {"gateway_url": "http://127.0.0.1:9", "gateway_token": "a\r\nb"},
        {"gateway_token": "invalid_gateway_token"},
    ),
    "nobody there": (
        {"gateway_url": "http://127.0.0.1:9", "gateway_token": TOKEN},
        {"gateway_url": "cannot_connect"},
    ),
    "everything at once": (
        {"realm": "-", "gateway_url": "x", "gateway_token": "two words"},
        {"realm": "invalid_realm", "gateway_url": "invalid_gateway_url", "gateway_token": "invalid_gateway_token"},
    ),
}


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize(("typed", "errors"), BAD_FORMS.values(), ids=BAD_FORMS.keys())
async def test_a_bad_form_is_explained_and_can_be_corrected(
    start: Answer, submit: Answer, typed: dict[str, str], errors: dict[str, str]
) -> None:
    shown = await submit(await start(), **FORM | typed)
    assert (shown["type"], shown["errors"]) == (FlowResultType.FORM, errors)
    result = await submit(shown, **FORM)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_wrong_token_can_be_corrected(start: Answer, submit: Answer, gateway: FakeGateway) -> None:
    shown = await submit(await start(), **FORM, gateway_url=gateway.url, gateway_token="wrong")
    assert shown["errors"] == {"gateway_token": "invalid_auth"}
    assert suggested(shown)["gateway_url"] == gateway.url
    result = await submit(shown, **FORM, gateway_url=gateway.url, gateway_token=TOKEN)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_something_else_at_that_address(start: Answer, submit: Answer, gateway: FakeGateway) -> None:
    gateway.answer = web.Response(text="It works!")
    shown = await submit(await start(), **FORM, gateway_url=gateway.url, gateway_token=TOKEN)
    assert shown["errors"] == {"gateway_url": "unexpected_answer"}


async def test_a_realm_is_used_once(entry: ConfigEntry, start: Answer, submit: Answer) -> None:
    shown = await submit(await start(), **FORM)
    assert shown["errors"] == {"realm": "realm_in_use"}
    result = await submit(shown, name="Office", realm="office.example.org")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["result"].unique_id != entry.unique_id


async def test_a_directory_survives_its_entry(
    hass: HomeAssistant, entry: ConfigEntry, administrator: Administrator, start: Answer, submit: Answer
) -> None:
    flat = await administrator.add_flat()
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    shown = await submit(await start(), name="Another name", realm=REALM)
    assert (shown["type"], shown["step_id"]) == (FlowResultType.FORM, "existing")
    placeholders = shown["description_placeholders"] or {}
    assert (placeholders["name"], placeholders["units"], placeholders["accounts"]) == ("Home", "1", "2")
    result = await submit(shown)
    assert (result["type"], result["title"]) == (FlowResultType.CREATE_ENTRY, "Home")
    assert result["result"].unique_id == entry.unique_id
    assert await administrator.do("unit/list") == [flat.unit]


async def test_the_same_directory_under_another_realm(
    hass: HomeAssistant, entry: ConfigEntry, start: Answer, submit: Answer
) -> None:
    await hass.config_entries.async_unload(entry.entry_id)
    shutil.copy(file_of(hass), file_of(hass, "copy.example.org"))
    shown = await submit(await start(), name="Copy", realm="copy.example.org")
    assert shown["step_id"] == "existing"
    result = await submit(shown)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "already_configured")


async def test_a_file_that_is_no_directory(hass: HomeAssistant, start: Answer, submit: Answer) -> None:
    file_of(hass).parent.mkdir()
    file_of(hass).write_text("SQLite format 9\x00 this is none")
    result = await submit(await start(), **FORM)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "directory_corrupt")
    assert file_of(hass).read_text() == "SQLite format 9\x00 this is none"


async def test_a_file_that_another_one_has_open(
    hass: HomeAssistant, entry: ConfigEntry, start: Answer, submit: Answer
) -> None:
    file_of(hass, "link.example.org").symlink_to(file_of(hass))
    result = await submit(await start(), name="Link", realm="link.example.org")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "directory_failed")


async def test_a_folder_that_cannot_be_made(hass: HomeAssistant, start: Answer, submit: Answer) -> None:
    file_of(hass).parent.symlink_to("/proc/nowhere")
    shown = await submit(await start(), **FORM)
    assert (shown["type"], shown["errors"]) == (FlowResultType.FORM, {"base": "directory_failed"})


async def test_a_gateway_with_another_directory_is_adopted_on_request(
    start: Answer, submit: Answer, gateway: FakeGateway
) -> None:
    gateway.directory, gateway.revision = OTHER, 9
    shown = await submit(await start(), **FORM, gateway_url=gateway.url, gateway_token=TOKEN)
    assert (shown["step_id"], shown["description_placeholders"]) == ("adopt", {"held": "Old house"})
    result = await submit(shown)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    entry = result["result"]
    await until(lambda: gateway.pushes and "adopt" not in entry.data)
    assert gateway.directory["id"] == entry.unique_id
    assert [push.adopt for push in gateway.pushes] == [True]


async def test_a_gateway_that_has_this_directory_needs_no_question(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, start: Answer, submit: Answer
) -> None:
    await until(lambda: gateway.directory)
    await hass.config_entries.async_remove(connected_entry.entry_id)
    shown = await submit(await start(), **FORM, gateway_url=gateway.url, gateway_token=TOKEN)
    assert shown["step_id"] == "existing"
    result = await submit(shown)
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_reconfigure_adds_keeps_and_removes_the_gateway(
    entry: ConfigEntry, hass: HomeAssistant, submit: Answer, gateway: FakeGateway
) -> None:
    shown = await reconfigure(hass, entry)
    assert (shown["step_id"], suggested(shown)["gateway_url"]) == ("reconfigure", None)
    result = await submit(shown, gateway_url=gateway.url, gateway_token=TOKEN)
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reconfigure_successful")
    connection = {"realm": REALM, "gateway_url": gateway.url, "gateway_token": TOKEN}
    assert dict(entry.data) == connection
    await until(lambda: gateway.directory)

    shown = await reconfigure(hass, entry)
    assert suggested(shown)["gateway_url"] == gateway.url
    assert "gateway_token" in suggested(shown)
    assert suggested(shown)["gateway_token"] is None
    await submit(shown, gateway_url=gateway.url)
    assert dict(entry.data) == connection

    await submit(await reconfigure(hass, entry))
    assert dict(entry.data) == {"realm": REALM}
    assert entry.state is ConfigEntryState.LOADED


async def test_reconfigure_explains_errors(
    connected_entry: ConfigEntry, hass: HomeAssistant, submit: Answer, gateway: FakeGateway
) -> None:
    shown = await reconfigure(hass, connected_entry)
    shown = await submit(shown, gateway_url="http://127.0.0.1:9")
    assert shown["errors"] == {"gateway_token": "missing_gateway_token"}
    shown = await submit(shown, gateway_url="http://127.0.0.1:9", gateway_token=TOKEN)
    assert shown["errors"] == {"gateway_url": "cannot_connect"}
    result = await submit(shown, gateway_url=gateway.url, gateway_token=TOKEN)
    assert result["reason"] == "reconfigure_successful"


async def test_reconfigure_to_a_gateway_of_another_directory(
    entry: ConfigEntry, hass: HomeAssistant, submit: Answer, gateway: FakeGateway
) -> None:
    gateway.directory, gateway.revision = OTHER, 9
    shown = await reconfigure(hass, entry)
    shown = await submit(shown, gateway_url=gateway.url, gateway_token=TOKEN)
    assert shown["step_id"] == "adopt"
    result = await submit(shown)
    assert result["reason"] == "reconfigure_successful"
    await until(lambda: gateway.directory == {"id": entry.unique_id, "name": "Home", "realm": REALM})


async def test_a_changed_token_is_asked_for(
    connected_entry: ConfigEntry, hass: HomeAssistant, submit: Answer, gateway: FakeGateway
) -> None:
    await until(lambda: gateway.directory)
    gateway.token = "new-token"
    await hass.config_entries.async_reload(connected_entry.entry_id)
    await until(lambda: hass.config_entries.flow.async_progress())
    (flow,) = hass.config_entries.flow.async_progress()
    assert (flow["context"]["source"], flow["step_id"]) == (SOURCE_REAUTH, "reauth_confirm")
    shown = await submit(flow, gateway_token="wrong")  # type: ignore[arg-type]
    assert shown["errors"] == {"gateway_token": "invalid_auth"}
    gateway.away = True
    shown = await submit(shown, gateway_token="new-token")
    assert shown["errors"] == {"base": "cannot_connect"}
    gateway.away = False
    result = await submit(shown, gateway_token="new-token")
    assert (result["type"], result["reason"]) == (FlowResultType.ABORT, "reauth_successful")
    assert connected_entry.data["gateway_token"] == "new-token"
    pushed = len(gateway.pushes)
    await until(lambda: len(gateway.pushes) > pushed)
