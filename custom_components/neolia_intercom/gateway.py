# SPDX-License-Identifier: Apache-2.0
"""One entry's gateway: publisher, event stream and services side by side, and what the person must hear about them."""

from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started

from . import issues
from .const import CONF_ADOPT, CONF_GATEWAY_TOKEN, CONF_GATEWAY_URL, DOMAIN, EVENT_CALL
from .devices import Devices
from .directory import Directory
from .event_stream import EventStream
from .gateway_client import GatewayClient, GatewayUnauthorizedError
from .gateway_services import GatewayServices
from .publisher import GatewayState, Publisher
from .signals import signal_call

PATIENCE_SECONDS = 60.0
"""With a problem that the gateway tells of: most pass by themselves, like a restart of Kamailio."""


class Gateway:
    """Belongs to the event loop; everything it starts ends with the entry."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, directory: Directory, devices: Devices) -> None:
        client = GatewayClient(
            async_get_clientsession(hass),
            entry.data[CONF_GATEWAY_URL],
            entry.data[CONF_GATEWAY_TOKEN],
        )
        self.id = f"{directory.id}-gateway"
        self.publisher = Publisher(directory, client, entry.data.get(CONF_ADOPT))
        self.services = GatewayServices(client)
        self.events = EventStream(directory, client, partial(fire_call, hass, entry))
        self._hass = hass
        self._entry = entry
        self._devices = devices
        self._seen = GatewayState()
        self._stop_waiting: CALLBACK_TYPE | None = None
        self._is_told = False

    @callback
    def start(self) -> None:
        """Publish at once; fire events only when Home Assistant has started and its automations listen."""
        self._entry.async_on_unload(self.publisher.listen(self._on_state))
        self._entry.async_on_unload(partial(issues.delete_foreign_directory, self._hass, self._entry))
        self._entry.async_on_unload(self._forget_problem)
        self._entry.async_create_background_task(self._hass, self.publisher.run(), f"{DOMAIN} publisher")
        self._entry.async_on_unload(async_at_started(self._hass, self._start_events))
        self._entry.async_on_unload(self._hass.async_add_shutdown_job(HassJob(self.events.stop)))

    @callback
    def _start_events(self, _: HomeAssistant) -> None:
        self._entry.async_create_background_task(self._hass, self.events.run(), f"{DOMAIN} events")

    @callback
    def _on_state(self) -> None:
        before, self._seen = self._seen, self.publisher.state
        state = self._seen
        if state.version and state.version != before.version:
            self._devices.set_gateway_version(state.version)
        if state.problem != before.problem:
            self._on_problem()
        if state.foreign != before.foreign:
            self._on_foreign()
        if self.publisher.live and CONF_ADOPT in self._entry.data:
            self._forget_agreement()

    def _on_problem(self) -> None:
        problem = self._seen.problem
        if problem is None:
            self._forget_problem()
        elif problem.code == GatewayUnauthorizedError.code:
            self._entry.async_start_reauth(self._hass)
        elif self._is_told:
            self._tell_of_problem()
        elif problem.is_the_gateways and self._stop_waiting is None:
            self._stop_waiting = async_call_later(self._hass, PATIENCE_SECONDS, self._tell_of_problem)

    @callback
    def _tell_of_problem(self, _: datetime | None = None) -> None:
        self._stop_waiting = None
        problem = self._seen.problem
        if problem and problem.is_the_gateways:
            self._is_told = True
            issues.create_gateway_problem(self._hass, self._entry, problem)

    @callback
    def _forget_problem(self) -> None:
        if self._stop_waiting:
            self._stop_waiting()
            self._stop_waiting = None
        self._is_told = False
        issues.delete_gateway_problem(self._hass, self._entry)

    def _on_foreign(self) -> None:
        if self._seen.foreign:
            issues.create_foreign_directory(self._hass, self._entry, self._seen.foreign)
        else:
            issues.delete_foreign_directory(self._hass, self._entry)

    def _forget_agreement(self) -> None:
        """It was for once: should the other directory come back, the person is asked again."""
        data = {key: value for key, value in self._entry.data.items() if key != CONF_ADOPT}
        self._hass.config_entries.async_update_entry(self._entry, data=data)


@callback
def fire_call(hass: HomeAssistant, entry: ConfigEntry, event: dict[str, Any]) -> None:
    """Tell automations, and the entities of the unit that was called."""
    hass.bus.async_fire(EVENT_CALL, {**event, "entry_id": entry.entry_id})
    if unit_id := event.get("unit_id"):
        async_dispatcher_send(hass, signal_call(str(unit_id)), event)
