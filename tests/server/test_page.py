"""The page in a real browser: it plays, words light up, errors are shown, and nothing is said in the console."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from server_fakes import ThreadWorker, serving

pytestmark = pytest.mark.slow
playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SCREENSHOTS = os.environ.get("VOCOLAB_SCREENSHOTS", "")
PATIENCE_MS = 150_000
"""A browser on a busy machine takes its time; what is tested is no speed."""
TEXT = "One two three four. Five six seven eight nine. Ten."


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("needs chromium, which is not here")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required"])
        yield chromium
        chromium.close()


@pytest.fixture
def here(catalog):
    with serving(catalog, workers=[ThreadWorker("one", catalog, step_s=0.02)]) as running:
        yield running


@pytest.fixture
def page(browser, here, request):
    context = browser.new_context(viewport={"width": 1100, "height": 1000}, accept_downloads=True)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    opened.said = []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.asked = []
    opened.on("request", lambda asked: opened.asked.append(asked.url))
    opened.goto(here.url)
    opened.wait_for_selector("#state:text-is('Ready.')")
    yield opened
    if SCREENSHOTS:
        opened.screenshot(path=Path(SCREENSHOTS, f"{request.node.name}.png"), full_page=True)
    context.close()


def speak(page, text=TEXT) -> None:
    page.fill("#text", text)
    page.click("#speak")


def test_it_plays_and_words_light_up(page, here):
    page.evaluate("""() => { window.heard = []; new MutationObserver(() => {
        const now = document.querySelector('#words .now'); if (now) window.heard.push(now.textContent); })
        .observe(document.getElementById('words'), {subtree: true, attributes: true, childList: true}); }""")
    speak(page)
    page.wait_for_selector("#download:not([hidden])")
    page.wait_for_selector("#state:text-is('Ready.')")
    assert page.inner_text("#words").split() == TEXT.split()
    heard = list(dict.fromkeys(page.evaluate("window.heard")))
    assert heard and heard == [word for word in TEXT.split() if word in heard]  # a busy browser leaves some out
    assert "ms" in page.inner_text("#figures")
    for canvas in ("wave", "mel"):
        drawn = page.evaluate(f"""() => {{ const c = document.getElementById('{canvas}');
            return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size }}""")
        assert drawn > 2
    assert page.said == []
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {f"127.0.0.1:{here.port}"}


def test_a_download_is_the_file(page):
    page.select_option("#format", "flac")
    speak(page, "One two.")
    page.wait_for_selector("#download:not([hidden])")
    with page.expect_download() as waiting:
        page.click("#download")
    path = waiting.value.path()
    assert waiting.value.suggested_filename == "speech.flac"
    assert Path(path).read_bytes()[:4] == b"fLaC"
    assert page.said == []


def test_errors_are_shown(page, here):
    speak(page, "unsayable")
    page.wait_for_selector("#error:not([hidden])")
    assert "unsayable" in page.inner_text("#error")
    assert page.get_attribute("#error", "role") == "alert"
    speak(page, "One two three. unsayable.")
    page.wait_for_selector("#state:has-text('did not')")
    speak(page, "One.")
    page.wait_for_selector("#error", state="hidden")
    # The browser itself notes in its console that an answer was a 400; the page says nothing there.
    # So it does for a stream that broke off.
    assert all("400" in line or "INCOMPLETE_CHUNKED" in line for line in page.said)


def test_it_stops(page, here):
    speak(page, TEXT * 40)
    page.wait_for_selector("#words span")
    page.click("#stop")
    page.wait_for_selector("#speak:enabled")
    from server_fakes import wait_for

    wait_for(lambda: not here.service.scheduler.round)
    assert page.is_hidden("#error") and page.said == []


def test_the_same_call_can_be_copied(page, here, tmp_path):
    import subprocess
    import sys

    page.fill("#text", "It's one \"two\".")
    page.click("#curl")
    page.wait_for_selector("#curl:text-is('Copied')")
    call = page.evaluate("navigator.clipboard.readText()")
    done = subprocess.run(["bash", "-c", call], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and (tmp_path / "speech.mp3").stat().st_size > 1000
    (tmp_path / "speech.mp3").unlink()
    for change in ("", "1.5"):
        if change:
            page.evaluate(f"document.getElementById('speed').value = {change}")
        page.click("#python")
        page.wait_for_selector("#python:text-is('Copied')")
        call = page.evaluate("navigator.clipboard.readText()")
        done = subprocess.run([sys.executable, "-c", call], cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "speech.mp3").stat().st_size > 1000
        page.wait_for_selector("#python:text-is('Copy as Python')")


def test_by_keyboard_alone(page):
    page.focus("#text")
    reached = []
    for _ in range(16):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.tagName"))
    for wanted in ("voice", "preset", "format", "speed", "pauses", "SUMMARY", "speak", "curl", "python"):
        assert wanted in reached
    page.focus("#text")
    page.keyboard.press("Control+A")
    page.keyboard.type("One two.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#words span")


def test_a_screen_reader_finds_names_for_everything(page):
    nameless = page.evaluate("""() => [...document.querySelectorAll('input, select, textarea, button, canvas')].filter(
        (one) => !(one.labels?.length || one.getAttribute('aria-label') || one.textContent.trim()))
        .map((one) => one.id)""")
    assert nameless == []
    assert page.get_attribute("html", "lang") == "en"
    assert page.get_attribute("#state", "role") == "status"


def test_on_a_phone(browser, here):
    context = browser.new_context(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(here.url)
    page.wait_for_selector("#state:text-is('Ready.')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.fill("#text", "One two three.")
    page.tap("#speak")
    page.wait_for_selector("#words span")
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS, "phone.png"), full_page=True)
    context.close()


def test_a_key_that_is_missing_is_said(browser, catalog):
    from vocolab_server.keys import hash_of

    with serving(catalog, {"keys": [{"name": "app", "sha256": hash_of("secret")}]}) as here:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(here.url)
        page.wait_for_selector("#error:not([hidden])")
        assert "Authorization" in page.inner_text("#error")
        page.click("summary")
        page.fill("#key", "secret")
        page.press("#key", "Tab")
        page.wait_for_selector("#state:text-is('Ready.')")
        page.close()
