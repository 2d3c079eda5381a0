# SPDX-License-Identifier: Apache-2.0
"""Where things are in a checkout."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ENVIRONMENT = Path(os.environ.get("NEOLIA_ENV", CHECKOUT / ".env"))
COMPONENT = CHECKOUT / "custom_components" / "neolia_intercom"
BUILD = Path(os.environ.get("NEOLIA_BUILD", CHECKOUT / "build" / "release"))
