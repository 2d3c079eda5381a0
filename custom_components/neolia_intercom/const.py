# SPDX-License-Identifier: Apache-2.0
"""Names that Home Assistant, its users and their automations see."""

import logging
from typing import Final

DOMAIN: Final = "neolia_intercom"
LOGGER: Final = logging.getLogger(__package__)

CONF_REALM: Final = "realm"
CONF_GATEWAY_URL: Final = "gateway_url"
CONF_GATEWAY_TOKEN: Final = "gateway_token"  # noqa: S105 (the name of a field)
CONF_ADOPT: Final = "adopt"
"""Id of the foreign directory that the person agreed to replace on the gateway."""

EVENT_CALL: Final = f"{DOMAIN}_call"

ACTOR: Final = "home_assistant"
"""Who made a change when no user did (automations, the integration itself)."""
