"""One firm's story in chapters, each told once: later tests ask for the point they need."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.site import Site

type Chapter = Callable[[Story], None]

PASSWORD = "a ledger that ties out"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
SLOW_MS = 90_000


@dataclass(slots=True, kw_only=True)
class Story:
    """A firm, its administrator's browser, and how far the story has been told."""

    site: Site
    browser: Browser
    chapters: tuple[Chapter, ...]
    page: Page
    told: int = 0
    broken: str = ""
    secret: str = ""
    bill: int = 0
    case: str = ""
    recovery: list[str] = field(default_factory=list)

    def until(self, chapter: Chapter) -> Page:
        """Tell the story up to and with a chapter; return the administrator's page."""
        while self.told <= self.chapters.index(chapter):
            assert not self.broken, f"The story broke off in the chapter “{self.broken}”."
            telling = self.chapters[self.told]
            self.broken = telling.__name__
            try:
                telling(self)
            except Exception as wrong:
                wrong.add_note(f"On {self.page.url}:\n{self.page.locator('body').inner_text()}")
                raise
            self.broken, self.told = "", self.told + 1
        return self.page

    def go(self, path: str) -> Page:
        """Open one of our own pages."""
        self.page.goto(self.site.url + path)
        return self.page

    def somebody(self, *, phone: bool = False, dark: bool = False) -> BrowserContext:
        """Return a browser of its own, as of another person."""
        return self.browser.new_context(
            viewport=PHONE if phone else WIDE,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )


def code(secret: str) -> str:
    """Return what an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def heading(page: Page, words: str, *, within_ms: int = 10_000) -> None:
    """Expect the page's first line to say this."""
    expect(page.locator("h1")).to_contain_text(words, timeout=within_ms)
