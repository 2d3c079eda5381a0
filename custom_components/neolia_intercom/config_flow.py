# SPDX-License-Identifier: Apache-2.0
"""Makes or opens a directory, and connects it to its gateway now or later."""

from collections.abc import Mapping
from pathlib import Path
import re
from typing import TYPE_CHECKING, Any, override

from homeassistant.config_entries import SOURCE_RECONFIGURE, ConfigFlow, ConfigFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType
from homeassistant.util import slugify
import probatio as vol

from .const import CONF_ADOPT, CONF_GATEWAY_TOKEN, CONF_GATEWAY_URL, CONF_REALM, DOMAIN
from .core import HAS_CORE, DirectoryError
from .directory import Directory
from .directory_file import NEEDS_A_PERSON, directory_path
from .gateway_check import GatewayCheck, check_gateway
from .issues import MISSING_CORE

if TYPE_CHECKING:
    from ._core import Info

_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
MAX_REALM = 200
"""So that any file system takes it as the name of a file."""

URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL))
SECRET = TextSelector(TextSelectorConfig(type=TextSelectorType.PASSWORD))
GATEWAY_SCHEMA = vol.Schema({vol.Optional(CONF_GATEWAY_URL): URL, vol.Optional(CONF_GATEWAY_TOKEN): SECRET})
USER_SCHEMA = vol.Schema({vol.Required(CONF_NAME): str, vol.Required(CONF_REALM): str}).extend(GATEWAY_SCHEMA.schema)
TOKEN_SCHEMA = vol.Schema({vol.Required(CONF_GATEWAY_TOKEN): SECRET})


class NeoliaConfigFlow(ConfigFlow, domain=DOMAIN):
    """user → (existing) → (adopt); reconfigure → (adopt); reauth_confirm."""

    VERSION = 1

    def __init__(self) -> None:
        self._typed: dict[str, Any] = {}
        self._gateway = GatewayCheck()
        self._existing: Info | None = None
        self._adopt: dict[str, str] = {}

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Name the directory and, if there is one already, its gateway."""
        if not HAS_CORE:
            return self.async_abort(reason=MISSING_CORE)
        if user_input is None:
            return self._show(
                "user",
                {CONF_NAME: self.hass.config.location_name, CONF_REALM: self._default_realm()},
            )
        self._typed = {**user_input, CONF_REALM: user_input[CONF_REALM].strip().lower()}
        self._existing = None
        self._gateway = await check_gateway(self.hass, user_input)
        if errors := self._realm_errors() | self._gateway.errors:
            return self._show("user", self._typed, errors, self._gateway.details)
        if await self.hass.async_add_executor_job(self._path.exists):
            return await self.async_step_existing()
        return await self._connect(None)

    async def async_step_existing(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Show what lies in the file of that realm before it is opened again."""
        if user_input is not None and self._existing:
            return await self._connect(self._existing["id"])
        try:
            directory = await Directory.open(self.hass, self._path)
        except DirectoryError as error:
            return self._abort_unreadable(error)
        self._existing = info = await directory.read(lambda core: core.info())
        await directory.close()
        counts = {noun: str(count) for noun, count in info["counts"].items()}
        return self.async_show_form(
            step_id="existing",
            description_placeholders={"name": directory.name, "path": str(self._path), **counts},
        )

    async def async_step_reconfigure(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Add, replace or remove the gateway. An empty token keeps the one there is."""
        entry = self._get_reconfigure_entry()
        present = {name: entry.data[name] for name in (CONF_GATEWAY_URL, CONF_GATEWAY_TOKEN) if name in entry.data}
        if user_input is None:
            return self._show("reconfigure", {CONF_GATEWAY_URL: present.get(CONF_GATEWAY_URL)})
        typed = {name: text for name, text in user_input.items() if text}
        same = CONF_GATEWAY_URL in typed and typed[CONF_GATEWAY_URL] == present.get(CONF_GATEWAY_URL)
        self._gateway = await check_gateway(self.hass, present | typed if same else typed)
        if self._gateway.errors:
            return self._show("reconfigure", typed, self._gateway.errors, self._gateway.details)
        return await self._connect(entry.unique_id)

    async def async_step_adopt(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """The gateway holds another directory: it is replaced only when a person says so."""
        held = self._gateway.held
        if user_input is not None and held:
            self._adopt = {CONF_ADOPT: held.id}
            return await self._finish()
        return self.async_show_form(step_id="adopt", description_placeholders={"held": held.name if held else ""})

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """The gateway has got another token."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for it."""
        entry = self._get_reauth_entry()
        if user_input is None:
            return self._show("reauth_confirm", {})
        check = await check_gateway(self.hass, {**entry.data, **user_input})
        if check.errors:
            errors = {"base" if place != CONF_GATEWAY_TOKEN else place: code for place, code in check.errors.items()}
            return self._show("reauth_confirm", {}, errors, check.details)
        return self.async_update_reload_and_abort(entry, data_updates=check.data)

    @property
    def _path(self) -> Path:
        return directory_path(self.hass, self._typed[CONF_REALM])

    def _default_realm(self) -> str:
        home = slugify(self.hass.config.location_name, separator="-")[:63].strip("-") or "home"
        return f"{home}.neolia.local"

    def _realm_errors(self) -> dict[str, str]:
        realm = self._typed[CONF_REALM]
        if len(realm) > MAX_REALM or not _HOST_NAME.fullmatch(realm):
            return {CONF_REALM: "invalid_realm"}
        taken = any(entry.data[CONF_REALM] == realm for entry in self._async_current_entries(include_ignore=False))
        return {CONF_REALM: "realm_in_use"} if taken else {}

    async def _connect(self, directory_id: str | None) -> ConfigFlowResult:
        """Go on, unless the gateway holds a directory that is not ours (None: one that does not exist yet)."""
        if self._gateway.held and self._gateway.held.id != directory_id:
            return await self.async_step_adopt()
        return await self._finish()

    async def _finish(self) -> ConfigFlowResult:
        gateway = {**self._gateway.data, **self._adopt}
        if self.source == SOURCE_RECONFIGURE:
            entry = self._get_reconfigure_entry()
            data = {CONF_REALM: entry.data[CONF_REALM], **gateway}
            return self.async_update_reload_and_abort(entry, data=data)
        try:
            directory = await self._open_or_create()
        except DirectoryError as error:
            return self._show("user", self._typed, _form_errors(error), error.message)
        await directory.close()
        await self.async_set_unique_id(directory.id)
        self._abort_if_unique_id_configured()
        return self.async_create_entry(title=directory.name, data={CONF_REALM: self._typed[CONF_REALM], **gateway})

    async def _open_or_create(self) -> Directory:
        if self._existing:
            return await Directory.open(self.hass, self._path)
        return await Directory.create(self.hass, self._path, self._typed[CONF_NAME], self._typed[CONF_REALM])

    def _abort_unreadable(self, error: DirectoryError) -> ConfigFlowResult:
        reason = f"directory_{error.code}" if error.code in NEEDS_A_PERSON else "directory_failed"
        return self.async_abort(
            reason=reason,
            description_placeholders={"path": str(self._path), "details": error.message},
        )

    def _show(
        self,
        step: str,
        suggested: Mapping[str, Any],
        errors: dict[str, str] | None = None,
        details: str = "",
    ) -> ConfigFlowResult:
        schema = {
            "user": USER_SCHEMA,
            "reconfigure": GATEWAY_SCHEMA,
            "reauth_confirm": TOKEN_SCHEMA,
        }[step]
        return self.async_show_form(
            step_id=step,
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors or {},
            description_placeholders={"details": details},
        )


def _form_errors(error: DirectoryError) -> dict[str, str]:
    places = {field["path"] for field in error.fields} & {CONF_NAME, CONF_REALM}
    return {place: f"invalid_{place}" for place in places} or {"base": "directory_failed"}
