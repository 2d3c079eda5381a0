# SPDX-License-Identifier: Apache-2.0
"""Home Assistant has nothing to complain about in our component."""

import re

import pytest

from .whole_system import WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")

COMPLAINT = re.compile(r"\b(WARNING|ERROR|CRITICAL)\b|deprecat", re.IGNORECASE)
# Said of every custom integration.
EXPECTED = "We found a custom integration neolia_intercom which has not been tested by Home Assistant"


async def test_no_warning_or_deprecation_names_the_component(system: WholeSystem) -> None:
    log = system.installation.home_assistant.log.read_text(errors="replace")
    entries = re.split(r"^(?=\d{4}-\d\d-\d\d )", log, flags=re.MULTILINE)
    complaints = [entry for entry in entries if COMPLAINT.search(entry) and "neolia_intercom" in entry]
    assert [entry for entry in complaints if EXPECTED not in entry] == []
    assert any(EXPECTED in entry for entry in complaints), "the log does not show that the component was loaded"
