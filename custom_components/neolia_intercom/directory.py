# SPDX-License-Identifier: Apache-2.0
"""The async face of the directory: every call runs in the executor, every change is announced."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from homeassistant.core import HomeAssistant, callback

from .const import LOGGER
from .core import Core, DirectoryError

if TYPE_CHECKING:
    from ._core import Building, ChangeSet, Info, Site, Unit


@dataclass(frozen=True, slots=True)
class Changes:
    """What a commit left behind, as far as Home Assistant shows it: objects new or changed, ids gone."""

    revision: int
    sites: list[Site]
    buildings: list[Building]
    units: list[Unit]
    removed: frozenset[str] | None
    """None: the lists are complete, and what is not in them is gone."""


type Listener = Callable[[Changes], None]


class Directory:
    """One open directory. Belongs to the event loop; writes run one after another."""

    def __init__(self, hass: HomeAssistant, core: Core, info: Info) -> None:
        self._hass = hass
        self._core = core
        self._writing = asyncio.Lock()
        self._listeners: list[Listener] = []
        self.id = info["id"]
        self.name = info["name"]
        self.realm = info["realm"]
        self.revision = info["revision"]

    @classmethod
    async def open(cls, hass: HomeAssistant, path: Path) -> Self:
        """Open the file; DirectoryError as in the core."""
        return cls(hass, *await hass.async_add_executor_job(_open, path))

    @classmethod
    async def create(cls, hass: HomeAssistant, path: Path, name: str, realm: str) -> Self:
        """Make the file and its folder; DirectoryError as in the core."""
        return cls(hass, *await hass.async_add_executor_job(_create, path, name, realm))

    async def close(self) -> None:
        """Close the file after what runs in it; closing twice is fine."""
        await self._hass.async_add_executor_job(self._core.close)

    async def read[T](self, call: Callable[[Core], T]) -> T:
        """The result of a call that changes nothing; DirectoryError as in the core."""
        return await self._hass.async_add_executor_job(call, self._core)

    async def write[T](self, call: Callable[[Core], T]) -> T:
        """The result of a call that changes the directory; listeners have heard of the change before it is returned.

        A commit is announced even when whoever asked for it has gone meanwhile.
        """
        return await asyncio.shield(self._hass.async_create_task(self._write(call), "neolia_intercom write"))

    async def _write[T](self, call: Callable[[Core], T]) -> T:
        async with self._writing:
            result, changes = await self._hass.async_add_executor_job(self._commit, call)
            self._announce(changes)
            return result

    def _commit[T](self, call: Callable[[Core], T]) -> tuple[T, Changes]:
        result = call(self._core)
        return result, _changes(self._core, self._core.changes_since(self.revision))

    async def whole(self) -> Changes:
        """All that Home Assistant shows of the directory."""
        return await self.read(lambda core: _changes(core, None))

    @callback
    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` in the event loop after each commit; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _announce(self, changes: Changes) -> None:
        self.revision = changes.revision
        for listener in tuple(self._listeners):
            try:
                listener(changes)
            except Exception:  # noqa: BLE001 (one listener must not cost the others the change)
                LOGGER.exception("A listener failed at revision %s of %s", changes.revision, self.name)


def _open(path: Path) -> tuple[Core, Info]:
    core = Core.open(path)
    return core, core.info()


def _create(path: Path, name: str, realm: str) -> tuple[Core, Info]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DirectoryError("storage", f"The folder could not be made: {error.strerror}.", []) from error
    core = Core.create(path, name, realm)
    return core, core.info()


def _changes(core: Core, changed: ChangeSet | None) -> Changes:
    if changed is None:
        revision = core.info()["revision"]
        return Changes(revision, core.list_sites(), core.list_buildings(), core.list_units(), None)
    added, updated, removed = changed["added"], changed["updated"], changed["removed"]
    return Changes(
        changed["revision"],
        [core.get_site(site_id) for site_id in added["sites"] + updated["sites"]],
        [core.get_building(building_id) for building_id in added["buildings"] + updated["buildings"]],
        [core.get_unit(unit_id) for unit_id in added["units"] + updated["units"]],
        frozenset(removed["sites"] + removed["buildings"] + removed["units"]),
    )
