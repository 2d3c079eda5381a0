# SPDX-License-Identifier: Apache-2.0
"""The compiled core, when there is a build of it for this machine.

Without one HAS_CORE is false, and the user interface says what to do; an error inside a build that is there is raised as it is.
"""

from importlib.util import find_spec
from typing import TYPE_CHECKING

HAS_CORE = find_spec("._core", __package__) is not None

if TYPE_CHECKING or HAS_CORE:
    from ._core import Directory as Core
    from ._core import DirectoryError
else:
    Core = None

    class DirectoryError(Exception):
        """Never raised: without a core nothing can refuse."""


__all__ = ["HAS_CORE", "Core", "DirectoryError"]
