# SPDX-License-Identifier: Apache-2.0
"""What every suite shares: `--long` runs kill loops, storms and fuzzing in their full form."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run everything long in its full form")


@pytest.fixture(scope="session")
def is_long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--long"))
