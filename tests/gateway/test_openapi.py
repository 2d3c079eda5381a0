# SPDX-License-Identifier: Apache-2.0
"""openapi.yaml against the running daemon: schemathesis makes hundreds of right and wrong requests from it."""

import asyncio
from pathlib import Path
import random
import re
import sys
from typing import Any

import aiohttp
import pytest
from stack.gateway import Gateway
from stack.kamailio import Kamailio
from stack.paths import CHECKOUT
import yaml
from yarl import URL

from .client import ask, put
from .snapshots import DOOR, Json, object_id, whole

SCHEMA = CHECKOUT / "native" / "gateway" / "openapi.yaml"
# A random snapshot fits the schema and is still refused when its objects do not fit together, so acceptance of everything
# that fits the schema is no promise of this API.
EXCLUDED = "positive_data_acceptance"
NOUNS = {
    "sites": "Site",
    "buildings": "Building",
    "units": "Unit",
    "accounts": "Account",
    "doors": "Door",
    "rules": "Rule",
}
DOOR_OF_THE_DOOR = {
    "id": object_id(6),
    "account_id": DOOR,
    "name": "Gate",
    "method": "dtmf",
    "dtmf_code": "1",
    "http_url": None,
    "ha_action": None,
    "ha_entity_id": None,
}
ONLY_BY_METHOD = {"dtmf_code"}


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


def repeated_keys(node: yaml.Node) -> list[str]:
    """Return the keys that a mapping has twice; a reader would take the last one without a word."""
    if isinstance(node, yaml.SequenceNode):
        return [key for child in node.value for key in repeated_keys(child)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = [key.value for key, _ in node.value]
    below = [key for _, child in node.value for key in repeated_keys(child)]
    return [key for key in set(keys) if keys.count(key) > 1] + below


def test_the_description_says_nothing_twice() -> None:
    root = yaml.compose(SCHEMA.read_text())
    assert root is not None
    assert repeated_keys(root) == []


def without(snapshot: Json, plural: str, field: str) -> Json:
    first, *others = snapshot[plural]
    return {**snapshot, plural: [{name: value for name, value in first.items() if name != field}, *others]}


@pytest.mark.parametrize(("plural", "schema_name"), NOUNS.items())
async def test_it_demands_what_the_description_demands(gateway: Gateway, plural: str, schema_name: str) -> None:
    schema: Any = yaml.safe_load(SCHEMA.read_text())["components"]["schemas"][schema_name]
    snapshot = whole(1, doors=[DOOR_OF_THE_DOOR])
    assert set(snapshot[plural][0]) == set(schema["properties"])
    for field in schema["properties"].keys() - ONLY_BY_METHOD:
        answer = await put(gateway, without(snapshot, plural, field))
        assert answer.status == (400 if field in schema["required"] else 200), (field, answer.json)


def test_every_path_describes_a_malformed_and_a_long_header() -> None:
    paths: Any = yaml.safe_load(SCHEMA.read_text())["paths"]
    for path, methods in paths.items():
        for method, operation in methods.items():
            assert {"400", "431"} <= operation["responses"].keys(), (method, path)


@pytest.mark.parametrize(("target", "status"), [("?x=%", 400), ("?x=" + "y" * 9000, 431)])
async def test_every_path_answers_a_bad_header(gateway: Gateway, target: str, status: int) -> None:
    for path in yaml.safe_load(SCHEMA.read_text())["paths"]:
        url = URL(gateway.url + path + target, encoded=True)
        async with aiohttp.ClientSession(headers=gateway.headers) as session, session.get(url) as answer:
            assert (answer.status, set(await answer.json())) == (status, {"code", "message", "fields"}), path
