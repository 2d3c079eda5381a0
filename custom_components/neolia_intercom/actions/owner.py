# SPDX-License-Identifier: Apache-2.0
"""From the device that an action names to the site, building or unit that it stands for."""

from typing import TYPE_CHECKING

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import ServiceCall
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import device_registry as dr

from ..const import DOMAIN
from ..entries import loaded_runtime
from ..runtime import Runtime

if TYPE_CHECKING:
    from .._core import Owner


def owner_of(call: ServiceCall) -> tuple[Runtime, Owner]:
    """ServiceValidationError when the device stands for something else."""
    device = dr.async_get(call.hass).async_get(call.data[ATTR_DEVICE_ID])
    if device is None:
        raise _no_owner(call)
    runtime = loaded_runtime(call.hass, device.config_entry_id)
    if (owner := runtime.devices.owner(device)) is None:
        raise _no_owner(call)
    return runtime, owner


def _no_owner(call: ServiceCall) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key="no_owner",
        translation_placeholders={"device_id": call.data[ATTR_DEVICE_ID]},
    )
