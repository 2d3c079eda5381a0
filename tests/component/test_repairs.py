# SPDX-License-Identifier: Apache-2.0
"""What only a person can mend: a gateway that holds another directory, or that tells of a problem."""

from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest

from .administrator import Administrator
from .conftest import DOMAIN
from .fake_gateway import FakeGateway
from .waiting import pass_time, sooner_or_later, until

OTHER = {"id": "01J000000000000000000TEHR1", "name": "Old house", "realm": "old.example.org"}


@pytest.fixture
async def occupied(hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway) -> FakeGateway:
    """The gateway was given another directory meanwhile."""
    assert await async_setup_component(hass, "repairs", {})
    await until(lambda: connected_entry.runtime_data.gateway.publisher.live)
    gateway.directory, gateway.revision, gateway.live_revision = OTHER, 3, 3
    gateway.pushes.clear()
    await sooner_or_later(hass, lambda: foreign_issue(hass, connected_entry))
    return gateway


def foreign_issue(hass: HomeAssistant, entry: ConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"foreign_directory_{entry.entry_id}")


async def fix(hass_client: Any, entry: ConfigEntry) -> dict[str, Any]:
    """Agree in the user interface; returns what the form said."""
    client = await hass_client()
    issue = {"handler": DOMAIN, "issue_id": f"foreign_directory_{entry.entry_id}"}
    response = await client.post("/api/repairs/issues/fix", json=issue)
    shown: dict[str, Any] = await response.json()
    response = await client.post(f"/api/repairs/issues/fix/{shown['flow_id']}", json={})
    assert (await response.json())["type"] == "create_entry"
    return shown


async def test_nothing_is_replaced_unasked(
    hass: HomeAssistant, connected_entry: ConfigEntry, occupied: FakeGateway, administrator: Administrator
) -> None:
    issue = foreign_issue(hass, connected_entry)
    assert issue
    assert (issue.is_fixable, issue.translation_placeholders) == (True, {"name": "Home", "held": "Old house"})
    await administrator.add_site()
    await pass_time(hass, 31)
    shown = (await administrator.do("status"))["gateway"]
    assert (shown["connected"], shown["live"], shown["problem"]["code"]) == (True, False, "foreign_directory")
    assert shown["foreign"] == {"id": OTHER["id"], "name": "Old house"}
    assert (occupied.pushes, occupied.directory) == ([], OTHER)


async def test_a_person_agrees(
    hass: HomeAssistant, connected_entry: ConfigEntry, occupied: FakeGateway, hass_client: Any
) -> None:
    shown = await fix(hass_client, connected_entry)
    assert (shown["step_id"], shown["description_placeholders"]["held"]) == ("confirm", "Old house")
    await until(lambda: "adopt" not in connected_entry.data and occupied.directory != OTHER)
    assert [push.adopt for push in occupied.pushes] == [True]
    assert foreign_issue(hass, connected_entry) is None


async def test_the_agreement_is_for_that_directory_only(
    hass: HomeAssistant, connected_entry: ConfigEntry, occupied: FakeGateway, hass_client: Any
) -> None:
    third = OTHER | {"id": "01J000000000000000000TH1RD", "name": "Third"}
    occupied.directory = third
    await fix(hass_client, connected_entry)
    await until(lambda: foreign_issue(hass, connected_entry))
    assert (occupied.pushes, occupied.directory) == ([], third)
    issue = foreign_issue(hass, connected_entry)
    assert issue
    assert (issue.translation_placeholders or {})["held"] == "Third"


async def test_the_question_goes_when_the_gateway_is_free_again(
    hass: HomeAssistant, connected_entry: ConfigEntry, occupied: FakeGateway
) -> None:
    occupied.directory = occupied.revision = occupied.live_revision = None
    await sooner_or_later(hass, lambda: occupied.pushes and foreign_issue(hass, connected_entry) is None)
    assert [push.adopt for push in occupied.pushes] == [False]


async def test_the_question_goes_with_the_entry(
    hass: HomeAssistant, connected_entry: ConfigEntry, occupied: FakeGateway
) -> None:
    await hass.config_entries.async_remove(connected_entry.entry_id)
    assert foreign_issue(hass, connected_entry) is None


def told_problem(hass: HomeAssistant, entry: ConfigEntry) -> ir.IssueEntry | None:
    return ir.async_get(hass).async_get_issue(DOMAIN, f"gateway_problem_{entry.entry_id}")


@pytest.fixture
async def troubled(hass: HomeAssistant, connected_entry: ConfigEntry, gateway: FakeGateway) -> FakeGateway:
    """The gateway tells of a problem."""
    publisher = connected_entry.runtime_data.gateway.publisher
    await until(lambda: publisher.live)
    gateway.problem = "events.sqlite cannot be written; is the disk full?"
    await sooner_or_later(hass, lambda: publisher.state.problem)
    return gateway


async def test_a_problem_that_stays_is_told_in_the_gateways_words_until_it_is_gone(
    hass: HomeAssistant, connected_entry: ConfigEntry, troubled: FakeGateway
) -> None:
    assert told_problem(hass, connected_entry) is None
    await pass_time(hass, 61)
    issue = told_problem(hass, connected_entry)
    assert issue
    assert issue.translation_placeholders == {"name": "Home", "problem": troubled.problem}
    troubled.problem = None
    await sooner_or_later(hass, lambda: told_problem(hass, connected_entry) is None)


async def test_a_told_problem_changes_with_the_gateways_words(
    hass: HomeAssistant, connected_entry: ConfigEntry, troubled: FakeGateway
) -> None:
    await pass_time(hass, 61)
    troubled.problem, troubled.reads_back = "No answer.", False

    def is_told_anew() -> bool:
        issue = told_problem(hass, connected_entry)
        assert issue
        return (issue.translation_key, issue.translation_placeholders) == (
            "kamailio_away",
            {"name": "Home", "problem": troubled.problem},
        )

    await sooner_or_later(hass, is_told_anew)


async def test_a_told_problem_stays_while_the_gateway_is_away(
    hass: HomeAssistant, connected_entry: ConfigEntry, troubled: FakeGateway
) -> None:
    await pass_time(hass, 61)
    await troubled.go_away()
    await sooner_or_later(hass, lambda: not connected_entry.runtime_data.gateway.publisher.state.connected)
    assert told_problem(hass, connected_entry)


async def test_a_problem_that_passes_is_not_told(
    hass: HomeAssistant, connected_entry: ConfigEntry, troubled: FakeGateway
) -> None:
    troubled.problem = None
    publisher = connected_entry.runtime_data.gateway.publisher
    await sooner_or_later(hass, lambda: publisher.state.problem is None)
    await pass_time(hass, 61)
    assert told_problem(hass, connected_entry) is None


async def test_a_told_problem_goes_with_the_entry(
    hass: HomeAssistant, connected_entry: ConfigEntry, troubled: FakeGateway
) -> None:
    await pass_time(hass, 61)
    assert told_problem(hass, connected_entry)
    await hass.config_entries.async_remove(connected_entry.entry_id)
    assert told_problem(hass, connected_entry) is None
