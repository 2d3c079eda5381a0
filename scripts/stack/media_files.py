# SPDX-License-Identifier: Apache-2.0
"""Files with sound: a greeting to upload, a message to look into."""

import asyncio
from base64 import b64encode
import io
from pathlib import Path
import wave


def greeting(seconds: float) -> str:
    """A WAV of near silence, in the base64 that `greeting/set` takes."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(b"\x10\x00" * int(8000 * seconds))
    return b64encode(sound.getvalue()).decode()


async def playable_seconds(file: Path) -> float:
    """How long it plays; RuntimeError when no player would take it."""
    process = await asyncio.create_subprocess_exec(
        *("ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file),
        stdout=asyncio.subprocess.PIPE,
    )
    duration, _ = await process.communicate()
    if process.returncode or not duration:
        raise RuntimeError(f"{file} cannot be played")
    return float(duration)
