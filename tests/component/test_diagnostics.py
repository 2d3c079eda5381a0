# SPDX-License-Identifier: Apache-2.0
"""A diagnostics file helps, and gives nothing away."""

import json

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from custom_components.neolia_intercom.diagnostics import async_get_config_entry_diagnostics

from .administrator import Administrator
from .conftest import REALM
from .fake_gateway import TOKEN, FakeGateway
from .waiting import until


async def test_numbers_but_no_secrets(
    hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway, administrator: Administrator
) -> None:
    flat = await administrator.add_flat()
    await until(lambda: gateway.objects["accounts"] and connected_entry.runtime_data.gateway.publisher.live)
    shown = await async_get_config_entry_diagnostics(hass, connected_entry)
    assert shown["directory"]["counts"]["accounts"] == 2
    assert (shown["gateway"]["live"], shown["gateway"]["version"]) == (True, "0.1.0")
    text = json.dumps(shown)
    credentials = gateway.objects["accounts"][flat.panel["id"]]
    secrets = [TOKEN, gateway.url, REALM, flat.panel["password"], credentials["ha1_md5"], "panel-401", '"Home"']
    assert [secret for secret in secrets if secret in text] == []
