# SPDX-License-Identifier: Apache-2.0
"""What a visitor leaves when nobody is at home, from the greeting to the deleted message, as the panel does it."""

import asyncio
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from stack.directory_commands import RefusedError
from stack.media_files import greeting, playable_seconds
from stack.waiting import wait_until

from .whole_system import WholeSystem

pytestmark = pytest.mark.asyncio(loop_scope="session")

EMPTY_FLAT = "102"
"""Has no panels, so that the ring step falls away and voicemail is the first one."""
SPOKEN_SECONDS = 3.0


async def test_a_message_from_the_greeting_to_its_deletion(system: WholeSystem, tmp_path: Path) -> None:
    commands, unit = system.commands, system.estate.units[EMPTY_FLAT]
    heard = await commands.call("greeting/set", unit_id=unit["id"], data=greeting(0.5))
    assert heard["seconds"] == pytest.approx(0.5, abs=1.0)
    gate = await system.installation.device(system.estate.accounts["gate"], media=True)

    await system.voicemail_is_up()

    gate.dial("B102")
    answered = await system.next_event("answered", "missed")
    assert answered["by"] == "voicemail"
    await asyncio.sleep(heard["seconds"] + SPOKEN_SECONDS)
    gate.hang_up()
    told = await system.next_event("message")
    assert (told["call_id"], told["unit_id"], told["video"]) == (answered["call_id"], unit["id"], True)

    (message,) = (await commands.call("message/list", unit_id=unit["id"]))["messages"]
    assert (message["message_id"], message["call_id"]) == (told["message_id"], told["call_id"])
    assert message["caller"]["username"] == "gate"
    assert (await commands.call("message/list", unit_id=system.estate.units["401"]["id"]))["messages"] == []

    media = await commands.call("message/fetch", message_id=message["message_id"])
    file = tmp_path / "message.mp4"
    file.write_bytes(b64decode(media["data"]))
    assert (media["media_type"], file.stat().st_size) == (message["media_type"], message["size"])
    assert media["media_type"] == "video/mp4"
    assert await playable_seconds(file) > 1

    async def entity_tells() -> bool:
        state = await system.installation.home_assistant.api.state(await system.entity_id(EMPTY_FLAT, "call"))
        return state["attributes"].get("message_id") == message["message_id"]

    await wait_until(entity_tells, what="the message at the unit's entity")

    await commands.call("message/delete", message_id=message["message_id"])
    assert (await commands.call("message/list"))["messages"] == []
    for command in ("message/fetch", "message/delete"):
        with pytest.raises(RefusedError) as refused:
            await commands.call(command, message_id=message["message_id"])
        assert refused.value.code == "not_found"
    assert list((system.installation.gateway.data_folder / "messages").glob("*.mp4")) == []
    await commands.call("greeting/reset", unit_id=unit["id"])


async def test_what_is_no_greeting_is_refused(system: WholeSystem) -> None:
    unit_id = system.estate.units[EMPTY_FLAT]["id"]
    for data in ("no base64!", b64encode(b"RIFF no wave").decode(), greeting(61)):
        with pytest.raises(RefusedError) as refused:
            await system.commands.call("greeting/set", unit_id=unit_id, data=data)
        assert refused.value.code == "invalid"
    with pytest.raises(RefusedError) as refused:
        await system.commands.call("greeting/set", unit_id="01J" + "0" * 23, data=greeting(0.5))
    assert refused.value.code == "not_found"
