# SPDX-License-Identifier: Apache-2.0
"""A panel in a real browser: headless Chromium, the page of `browser/`, a fake microphone and camera."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from aiohttp import web
from playwright.async_api import Browser, Page, Playwright, async_playwright

from .paths import ENVIRONMENT
from .ports import free_port
from .waiting import wait_until

PAGE = Path(__file__).parent / "browser" / "index.html"
BUNDLE = ENVIRONMENT / "browser" / "panel.bundle.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    *("--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--allow-loopback-in-peer-connection"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
    # Nothing goes anywhere but to this machine.
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-pings"),
    *("--no-first-run", "--disable-quic", "--proxy-server=direct://"),
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


type Credentials = dict[str, str]


class PanelPage:
    """Serves the page of the browser panel on the loopback, which browsers take for a secure context."""

    def __init__(
        self, credentials: Callable[[], Awaitable[Credentials]] | None = None, port: int | None = None
    ) -> None:
        """`credentials` makes those that the page signs in with by itself, new ones each time it is opened."""
        self.port = port or free_port()
        self._credentials = credentials
        self._runner: web.AppRunner | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_get("/", _page)
        application.router.add_get("/panel.bundle.js", _bundle)
        application.router.add_get("/credentials.json", self._answer_credentials)
        self._runner = web.AppRunner(application)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _answer_credentials(self, _: web.Request) -> web.StreamResponse:
        if self._credentials is None:
            raise web.HTTPNotFound
        return web.json_response(await self._credentials())


async def _page(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE)


async def _bundle(_: web.Request) -> web.StreamResponse:
    return web.FileResponse(BUNDLE)


class BrowserPanel:
    """One browser with one account. `sign_in` takes what panel.js needs: websocket, aor, username, password."""

    def __init__(self, origin: str, pin: str | None = None) -> None:
        """`pin`: the base64 SHA-256 of the public key of a server whose certificate nobody has signed."""
        self._origin = origin
        self._flags = [*FLAGS, *([f"--ignore-certificate-errors-spki-list={pin}"] if pin else [])]
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        if self._page is None:
            raise RuntimeError("the browser is not started")
        return self._page

    async def __aenter__(self) -> Self:
        self._playwright = await async_playwright().start()
        self._browser = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=self._flags)
        context = await self._browser.new_context(permissions=["camera", "microphone"])
        self._page = await context.new_page()
        await self._page.goto(self._origin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._browser:
            await self._browser.close()
        if self._playwright:
            await self._playwright.stop()

    async def start(self, **credentials: str) -> None:
        """Connect and register, whatever comes of it."""
        await self.page.evaluate("credentials => panel.start(credentials)", credentials)

    async def sign_in(self, **credentials: str) -> None:
        await self.start(**credentials)
        await self.event("registered")

    async def click(self, button: str) -> None:
        """Press a button of the page as a person would; waits until it is there."""
        await self.page.click(f"#{button}")

    async def do(self, action: str, *arguments: object) -> Any:
        """Call a function of panel.js."""
        return await self.page.evaluate(
            "([action, args]) => Promise.resolve(panel[action](...args)).then(() => null)", [action, list(arguments)]
        )

    async def media(self) -> dict[str, int]:
        """Packets and decoded frames so far."""
        media: dict[str, int] = await self.page.evaluate("panel.media()")
        return media

    async def mark(self) -> int:
        """How many events there were so far."""
        return int(await self.page.evaluate("panel.events.length"))

    async def event(self, *types: str, since: int = 0, seconds: float = 10.0) -> dict[str, Any]:
        """Wait for the first event of one of these types after the first `since` ones."""
        found = "([types, since]) => panel.events.slice(since).find((event) => types.includes(event.type)) ?? null"
        handle = await self.page.wait_for_function(found, arg=[list(types), since], timeout=seconds * 1000)
        event: dict[str, Any] = await handle.json_value()
        return event

    async def seen(self, kind: str) -> list[dict[str, Any]]:
        """Return its events of a type so far."""
        events: list[dict[str, Any]] = await self.page.evaluate("panel.events")
        return [event for event in events if event["type"] == kind]

    async def received(self, seconds: float = 20.0, **at_least: int) -> dict[str, int]:
        """Wait until so many packets of each name of panel.media() were counted.

        A picture whose first key frame was lost comes with the next: baresip sends one every 10 s.
        """

        async def enough() -> dict[str, int] | None:
            media = await self.media()
            return media if all(media.get(name, 0) >= count for name, count in at_least.items()) else None

        media = await wait_until(enough, seconds=seconds, what=f"media at the browser: {at_least}")
        assert media
        return media
