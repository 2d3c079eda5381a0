# SPDX-License-Identifier: Apache-2.0
"""The module as it is linked, and its stubs."""

import ast
import inspect
import os
from pathlib import Path
import re
import subprocess
import sys

import _core
import pytest
from stack.paths import COMPONENT

STUBS = COMPONENT / "_core.pyi"
MODULE = Path(_core.__file__)


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_only_the_entry_point_is_exported() -> None:
    lines = output("nm", "--dynamic", "--defined-only", str(MODULE)).splitlines()
    assert [line.split()[-1] for line in lines if " W " not in line] == ["PyInit__core"]


def test_needs_no_library_of_its_own() -> None:
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "--dynamic", str(MODULE)))
    foreign = [name for name in needed if re.match(r"lib(python|ssl|crypto|sqlite|boost|curl)", name)]
    assert needed
    assert foreign == []


def test_stubs_agree_with_the_module(tmp_path: Path) -> None:
    """Names and kinds, as far as Python can see them."""
    aliases = ["NounName", "Fields", "ErrorCode", "Event"]  # in the stubs alone
    of_pybind11 = ["Directory", "Directory.__init__"]  # its metaclass; there is no constructor
    allowed = tmp_path / "allowed"
    allowed.write_text("\n".join("_core." + name for name in aliases + of_pybind11))
    command = [sys.executable, "-m", "mypy.stubtest", "_core", "--concise", "--allowlist", str(allowed)]
    environment = {**os.environ, "PYTHONPATH": str(MODULE.parent), "MYPYPATH": str(COMPONENT)}
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=environment, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def methods_of_stubs() -> dict[str, str]:
    """Arguments with their defaults, without types: `self, id, *, actor`."""
    (directory,) = (
        node
        for node in ast.parse(STUBS.read_text()).body
        if isinstance(node, ast.ClassDef) and node.name == "Directory"
    )
    methods = {}
    for function in directory.body:
        if isinstance(function, ast.FunctionDef):
            for argument in ast.walk(function.args):
                if isinstance(argument, ast.arg):
                    argument.annotation = None
            methods[function.name] = ast.unparse(function.args).replace("=", " = ").replace("  ", " ")
    return methods


def methods_of_module() -> dict[str, str]:
    """The same, from the first line of what pybind11 documents."""
    methods = {}
    for name, member in inspect.getmembers(_core.Directory):
        if not name.startswith("_"):
            (arguments,) = re.findall(rf"^{name}\((.*)\) -> ", member.__doc__)
            methods[name] = re.sub(r": [^,=]+?(?= =|,|$)", "", arguments)
    return methods


def test_every_method_has_the_arguments_of_the_stubs() -> None:
    assert methods_of_module() == methods_of_stubs()


@pytest.mark.parametrize("name", ["Directory", "DirectoryError"])
def test_public_names_are_in_the_module(name: str) -> None:
    assert getattr(_core, name).__module__ == "_core"
