# SPDX-License-Identifier: Apache-2.0
"""openapi.yaml against the running daemon: schemathesis makes hundreds of right and wrong requests from it."""

import asyncio
from pathlib import Path
import random
import re
import sys

import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.paths import CHECKOUT

from .client import ask, put
from .snapshots import whole

SCHEMA = CHECKOUT / "native" / "gateway" / "openapi.yaml"
# A random snapshot fits the schema and is still refused when its objects do not fit together, so acceptance of everything
# that fits the schema is no promise of this API.
EXCLUDED = "positive_data_acceptance"


async def run(gateway: Gateway, folder: Path, seed: int) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("schemathesis")), "run", str(SCHEMA), "--url", gateway.url),
        *("--header", f"Authorization: Bearer {gateway.token}", "--checks", "all", "--exclude-checks", EXCLUDED),
        *("--phases", "examples,coverage,fuzzing", "--max-examples", "40", "--seed", str(seed)),
        *("--request-timeout", "20", "--suppress-health-check", "all", "--continue-on-failure"),
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 600)
    assert process.returncode is not None
    return process.returncode, output.decode()


@pytest.mark.timeout(700)
async def test_the_daemon_keeps_to_its_description(gateway: Gateway, kamailio: Kamailio, folder: Path) -> None:
    assert kamailio.process.check()
    assert (await put(gateway, whole(1))).status == 200
    seed = random.randrange(2**32)
    code, output = await run(gateway, folder, seed)
    assert code == 0, f"seed {seed}\n{output}"
    generated = re.search(r"(\d+) generated", output)
    assert generated, output
    assert int(generated[1]) > 500, output
    assert (await ask(gateway, "GET", "/v1/status")).status == 200
