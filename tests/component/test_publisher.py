# SPDX-License-Identifier: Apache-2.0
"""From a change here to the gateway's tables: at once, whole when needed, and again after any trouble."""

from typing import Any

from aiohttp import web
from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
import pytest

from .administrator import Administrator
from .conftest import DOMAIN, AddEntry, reconfigure
from .fake_gateway import FakeGateway
from .waiting import pass_time, sooner_or_later, until


async def status(administrator: Administrator) -> dict[str, Any]:
    result: dict[str, Any] = await administrator.do("status")
    gateway: dict[str, Any] = result["gateway"] | {"revision": result["directory"]["revision"]}
    return gateway


@pytest.fixture
async def published(connected_entry: ConfigEntry, gateway: FakeGateway) -> FakeGateway:
    """The gateway after the first whole snapshot."""
    await until(lambda: gateway.pushes and connected_entry.runtime_data.gateway.publisher.live)
    gateway.pushes.clear()
    gateway.status_requests = 0
    return gateway


async def test_the_first_push_is_whole(
    connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    await until(lambda: gateway.pushes)
    assert [(push.method, push.adopt) for push in gateway.pushes] == [("PUT", False)]
    await until(lambda: connected_entry.runtime_data.gateway.publisher.live)
    shown = await status(administrator)
    assert (shown["connected"], shown["live"], shown["problem"]) == (True, True, None)
    assert shown["live_revision"] == shown["accepted_revision"] == shown["revision"] == gateway.revision


async def test_a_change_is_pushed_at_once_and_alone(published: FakeGateway, administrator: Administrator) -> None:
    site = await administrator.add_site()
    await until(lambda: published.objects["sites"])
    assert list(published.objects["sites"]) == [site["id"]]
    assert [push.method for push in published.pushes] == ["PATCH"]
    assert published.status_requests == 0


async def test_credentials_reach_the_gateway_and_deletions_too(
    published: FakeGateway, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: flat.panel["id"] in published.objects["accounts"])
    credentials = published.objects["accounts"][flat.panel["id"]]
    assert (len(credentials["ha1_md5"]), len(credentials["ha1_sha256"])) == (32, 64)
    await administrator.do("account/delete", account_id=flat.panel["id"])
    await until(lambda: flat.panel["id"] not in published.objects["accounts"])


async def test_a_burst_is_pushed_together(published: FakeGateway, administrator: Administrator) -> None:
    published.hold()
    sites = [await administrator.add_site(f"Site {number}") for number in range(20)]
    assert not (await status(administrator))["live"]
    published.resume()
    await until(lambda: len(published.objects["sites"]) == len(sites))
    assert [push.method for push in published.pushes] == ["PATCH", "PATCH"]


async def test_a_gateway_that_lost_its_disk_gets_everything(
    hass: HomeAssistant, published: FakeGateway, administrator: Administrator
) -> None:
    site = await administrator.add_site()
    await until(lambda: published.objects["sites"])
    published.directory = published.revision = published.live_revision = None
    published.objects["sites"] = {}
    published.pushes.clear()
    await sooner_or_later(hass, lambda: site["id"] in published.objects["sites"])
    assert [push.method for push in published.pushes] == ["PUT"]


async def test_an_unknown_base_is_answered_with_everything(
    published: FakeGateway, administrator: Administrator
) -> None:
    published.revision = 1000
    site = await administrator.add_site()
    await until(lambda: site["id"] in published.objects["sites"])
    assert [push.method for push in published.pushes] == ["PUT"]


async def test_a_restart_publishes_whole_even_when_the_numbers_agree(
    hass: HomeAssistant, connected_entry: ConfigEntry, published: FakeGateway, administrator: Administrator
) -> None:
    """As after a restored backup: the same number may stand for something else."""
    site = await administrator.add_site()
    await until(lambda: published.objects["sites"])
    published.objects["sites"] = {"01J000000000000000STRANGE1": {}}
    await hass.config_entries.async_reload(connected_entry.entry_id)
    await until(lambda: list(published.objects["sites"]) == [site["id"]])


async def test_down_and_back(
    hass: HomeAssistant, published: FakeGateway, administrator: Administrator, caplog: pytest.LogCaptureFixture
) -> None:
    await published.go_away()
    site = await administrator.add_site()
    await until(lambda: hass.states.get("binary_sensor.gateway_connected").state == "off")
    for _ in range(3):
        await pass_time(hass, 31)
    shown = await status(administrator)
    assert (shown["live"], shown["problem"]["code"]) == (False, "cannot_connect")
    published.away = False
    await sooner_or_later(hass, lambda: site["id"] in published.objects["sites"])
    await until(lambda: hass.states.get("binary_sensor.gateway_connected").state == "on")
    assert (await status(administrator))["live"]
    told = [record.message for record in caplog.records if record.name.startswith(f"custom_components.{DOMAIN}")]
    assert len([line for line in told if "not up to date" in line]) == 1
    assert len([line for line in told if "answers" in line]) == 1


async def test_changes_do_not_hammer_a_gateway_that_is_down(
    hass: HomeAssistant, published: FakeGateway, administrator: Administrator, connected_entry: ConfigEntry
) -> None:
    attempts = 0
    client = connected_entry.runtime_data.gateway.publisher._client
    ask = client.request

    async def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal attempts
        attempts += 1
        return await ask(*args, **kwargs)

    client.request = counting
    await published.go_away()
    for number in range(10):
        await administrator.add_site(f"Site {number}")
    await until(lambda: hass.states.get("binary_sensor.gateway_connected").state == "off")
    assert attempts == 1


async def test_accepted_but_not_read_back_yet(
    hass: HomeAssistant, connected_entry: ConfigEntry, published: FakeGateway, administrator: Administrator
) -> None:
    published.reads_back = False
    published.problem = "Kamailio does not answer."
    await administrator.add_site()
    await until(lambda: published.pushes)
    await sooner_or_later(hass, lambda: connected_entry.runtime_data.gateway.publisher.state.problem)
    shown = await status(administrator)
    assert (shown["connected"], shown["live"], shown["kamailio_connected"]) == (True, False, False)
    assert shown["problem"] == {"code": "kamailio_away", "message": "Kamailio does not answer."}
    assert shown["accepted_revision"] == shown["revision"] == shown["live_revision"] + 1

    published.problem, published.reads_back = None, True
    published.live_revision = published.revision
    await sooner_or_later(hass, lambda: hass.states.get("binary_sensor.gateway_changes_live").state == "on")


async def test_a_refusal_is_shown_and_tried_again(
    hass: HomeAssistant, connected_entry: ConfigEntry, published: FakeGateway, administrator: Administrator
) -> None:
    published.answer = web.json_response({"code": "invalid", "message": "accounts[0]: no.", "fields": []}, status=400)
    await administrator.add_site()
    await until(lambda: connected_entry.runtime_data.gateway.publisher.state.problem)
    shown = await status(administrator)
    assert (shown["connected"], shown["live"]) == (True, False)
    assert shown["problem"] == {"code": "refused", "message": "accounts[0]: no."}
    published.answer = None
    await sooner_or_later(hass, lambda: hass.states.get("binary_sensor.gateway_changes_live").state == "on")


async def test_planned_first_connected_later(
    hass: HomeAssistant, add_entry: AddEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    entry = await add_entry()
    flat = await administrator.add_flat()
    assert (await administrator.do("status"))["gateway"] is None
    flow = await reconfigure(hass, entry)
    typed = {"gateway_url": gateway.url, "gateway_token": gateway.token}
    await hass.config_entries.flow.async_configure(flow["flow_id"], typed)
    await until(lambda: gateway.unit(flat.unit["id"]))
