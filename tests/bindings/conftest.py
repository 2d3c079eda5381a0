# SPDX-License-Identifier: Apache-2.0
"""The compiled core, of $NEOLIA_CORE_DIR or of the release build, and a small estate."""

from collections.abc import Iterator
import os
from pathlib import Path
import sys

import pytest
from stack.paths import BUILD

CORE_FOLDER = Path(os.environ.get("NEOLIA_CORE_DIR", BUILD / "python")).resolve()
sys.path.insert(0, str(CORE_FOLDER))

from _core import Directory  # noqa: E402 (its folder was just named)

from .estate import Estate  # noqa: E402


@pytest.fixture(scope="session")
def core_folder() -> Path:
    return CORE_FOLDER


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "directory.sqlite"


@pytest.fixture
def directory(file: Path) -> Iterator[Directory]:
    directory = Directory.create(file, "Home", "home.example")
    yield directory
    directory.close()


@pytest.fixture
def estate(directory: Directory) -> Estate:
    return Estate.of(directory)
