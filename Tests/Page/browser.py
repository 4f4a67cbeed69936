"""Chromium with the page in it, as a person with a phone has it."""

import time
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

from server import Site
from vectors import FOLDER, Case, bytes_of

PHONE = {"width": 360, "height": 640}
READY = "document.documentElement.dataset.ready === 'true'"


def wait(page: Page, expression: str, seconds: float = 15) -> None:
    """Until the expression is true. Asked from outside: the page's own policy lets no text be run as a script in it."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {expression}")
        page.wait_for_timeout(20)


class Browser:
    def __init__(self, executable: str, folder: Path):
        self.executable, self.folder = executable, folder
        self.file = (folder / "verify.html").as_uri()

    def __enter__(self) -> "Browser":
        self.playwright = sync_playwright().start()
        self.chromium = self.launch()
        return self

    def __exit__(self, *_) -> None:
        self.chromium.close()
        self.playwright.stop()

    def launch(self, *arguments: str):
        return self.playwright.chromium.launch(
            executable_path=self.executable, args=["--no-sandbox", "--disable-gpu", *arguments]
        )

    @contextmanager
    def context(self, language: str = "en-GB", now: int | None = None, **options):
        """A browser of its own: nothing is stored, the clock stands at `now`."""
        context = self.chromium.new_context(
            locale=language, viewport=PHONE, is_mobile=True, has_touch=True, device_scale_factor=2, **options
        )
        context.set_default_timeout(15_000)
        if now is not None:
            context.clock.set_fixed_time(now)
        try:
            yield context
        finally:
            context.close()

    @contextmanager
    def page(self, url: str | None = None, **options):
        """The page from disk, or at a URL, when it is ready."""
        with self.context(**options) as context:
            yield self.open(context, url)

    def open(self, context: BrowserContext, url: str | None = None) -> Page:
        page = context.new_page()
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda line: page.problems.append(line.text) if line.type == "error" else None)
        page.goto(url or self.file)
        wait(page, READY)
        return page

    def site(self, files: dict[str, bytes] | None = None) -> Site:
        return Site(self.folder, files)

    def picture(self, page: Page, name: str) -> None:
        page.screenshot(path=str(self.folder / f"{name}.png"), full_page=True)


def trust() -> dict[str, bytes]:
    """What a site gives everybody."""
    return {"/trust/policy": bytes_of("policy"), "/trust/registry-pack": bytes_of("registry-pack")}


def hold(page: Page, case: Case) -> None:
    """Gives the page the case's files, as a person picks them."""
    if case.files:
        page.locator("#add").set_input_files(case.paths())
        wait(page, f"document.querySelectorAll('#trust-told li').length >= {len(case.files)}")


def ask(page: Page, text: str) -> str:
    """Pastes a text and returns the verdict's name."""
    page.locator("#text").fill(text)
    page.locator("#check").click()
    return verdict(page)


def verdict(page: Page) -> str:
    wait(page, "document.activeElement?.id === 'verdict' || !document.getElementById('problem').hidden")
    problem = page.locator("#problem")
    if problem.is_visible():
        raise AssertionError(problem.inner_text())
    return page.locator("#verdict").get_attribute("data-verdict")


def judge(page: Page, case: Case) -> str:
    """The whole case: files, stamp, hidden code."""
    hold(page, case)
    found = ask(page, case.stamp)
    if case.code:
        found = reveal(page, case.code)
    return found


def reveal(page: Page, code: str) -> str:
    page.locator("#code").fill(code)
    page.evaluate("document.getElementById('verdict').blur()")
    page.locator("#secret button").click()
    return verdict(page)
