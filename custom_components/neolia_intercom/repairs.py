# SPDX-License-Identifier: Apache-2.0
"""Replacing the directory that a gateway holds already: it waits for a person to agree."""

from homeassistant.components.repairs import ConfirmRepairFlow, RepairsFlow, RepairsFlowResult
from homeassistant.core import HomeAssistant

from .const import CONF_ADOPT


async def async_create_fix_flow(
    hass: HomeAssistant, issue_id: str, data: dict[str, str | int | float | None] | None
) -> RepairsFlow:
    """The only fixable issue is a foreign directory."""
    return AdoptFlow(str((data or {}).get("entry_id")), str((data or {}).get("directory_id")))


class AdoptFlow(ConfirmRepairFlow):
    """Once agreed, the entry notes which directory may be replaced and publishes anew."""

    def __init__(self, entry_id: str, directory_id: str) -> None:
        self._entry_id = entry_id
        self._directory_id = directory_id

    async def async_step_confirm(self, user_input: dict[str, str] | None = None) -> RepairsFlowResult:
        """Ask, then act."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if user_input is not None and entry is not None:
            self.hass.config_entries.async_update_entry(entry, data={**entry.data, CONF_ADOPT: self._directory_id})
            self.hass.config_entries.async_schedule_reload(self._entry_id)
        return await super().async_step_confirm(user_input)
