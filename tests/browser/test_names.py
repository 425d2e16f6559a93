"""Names from data stay letters in a real browser: in labels, sentences, tables and errors, on every page."""

import re
import sys

import pytest
from playwright.sync_api import expect

from cxroi.intake.report import IntakeRequest
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.tables import EXACTLY
from cxroi.text import Text
from cxroi.text.plain import shown
from tests.acting import load_file
from tests.browser.conftest import ASKED_ONLY, served_app
from tests.browser.test_upload import MONTHS

EN = Text("en")
EVIL = "evil.example"
NAMES = (
    f"![p](http://{EVIL}/x)", f"[log in](http://{EVIL}/login)", f"http://{EVIL}/a", f"HTTPS://{EVIL}/b", f"www.{EVIL}",
    f"me@{EVIL}", f"mailto:me@{EVIL}", f"<http://{EVIL}/c>", f"[r]: http://{EVIL}", f"<img src=http://{EVIL}/d onerror=alert(1)>",
    "**b**", "__proto__", "_i_", "~~s~~", "`c`", "$x^2$", "$$y$$", ":smile:", ":+1:", ":material/home:", ":streamlit:",
    ":red[x]", ":blue-background[x]", ":small[x]", ":red-badge[x]", ":primary[x]", "<b>x</b>", "<script>alert(1)</script>",
    "# h", "- l", "1. o", "> q", "a -> b", "a <-> b", "a -- b", "x >= y", "x ~= y", "--- z", "{0.__class__}", "&lt;b&gt;",
    "|a|b|", "==h==", "[^1]", "a\\*b", "\u202ex", "javascript:alert(1)", "مرحبا *بك*", "A" * 150,
)  # fmt: skip
HEAD = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"
# What a reader sees: the letters, without the invisible marks that keep them from acting.
SEEN = """element => element.textContent.replace(/[\\u2060\\u2068\\u2069]/g, '')"""

OVERFLOWING = """() => [...document.querySelectorAll('.cx-table tbody th')].filter(one => one.scrollWidth > one.clientWidth + 1)
    .map(one => one.innerText)"""


def monthly(names, *, joined=100):
    rows = [
        f'{month},"{name}",5000,{joined},100,600000,300000,{2000 + 100 * (place % 4)}'
        for place, month in enumerate(MONTHS)
        for name in names
    ]
    return "\n".join([HEAD, *rows]).encode()


def prepared(folder, content):
    workspace = Workspace.open(folder)
    (file := folder.parent / "monthly.csv").write_bytes(content)
    reports, version = load_file(workspace, file, "monthly.csv", IntakeRequest(currency="SAR"))
    assert version is not None, reports
    return State.open(folder)


def watched(visit, address):
    """Visit an address; return the page with everything that it asks for of strangers, and every dialog."""
    asked = []

    def follow(page):
        page.on("request", lambda request: asked.append(request.url) if EVIL in request.url else None)
        page.on("dialog", lambda dialog: (asked.append("dialog"), dialog.dismiss()))

    return visit(address, before=follow), asked


def nothing_acts(page):
    """Assert that no name has become a link, an image, an icon, maths, colour or weight."""
    main = page.get_by_test_id("stMain")
    assert main.locator(f"a[href*='{EVIL}'], a[href^='mailto'], a[href^='javascript'], img, .katex").count() == 0
    assert "😄" not in main.inner_text() and "👍" not in main.inner_text()


def test_names_are_letters_in_labels_buttons_and_tables(visit, tmp_path):
    state = prepared(tmp_path / "workspace", monthly(NAMES))
    state.share_out("shares")
    state.set_shares("", {name: 1.0 for name in NAMES[:5]})
    state.set_ledger_rules([("note", name, "cx") for name in NAMES])
    with served_app(tmp_path / "workspace", *ASKED_ONLY) as own_app:
        page, asked = watched(visit, f"{own_app}/upload?lang=en&tab=settings")
        page.get_by_role("tab", name=EN("page.upload.rules.title")).click()
        first = EN("page.upload.rules.remove", rule="")
        buttons = page.get_by_role("button", name=re.compile(re.escape(first.strip())))
        expect(buttons).to_have_count(len(NAMES), timeout=60_000)
        said = [button.evaluate(SEEN).removeprefix(first).strip() for button in buttons.all()]
        # a rule whose text begins with "=" names what a line says, and shows that name
        assert said == [shown(name.removeprefix(EXACTLY), 40).strip() for name in NAMES]
        nothing_acts(page)
        page.get_by_role("tab", name=EN("page.upload.shared.title")).click()
        labels = page.get_by_test_id("stForm").get_by_test_id("stNumberInput").get_by_test_id("stWidgetLabel")
        expect(labels).to_have_count(len(NAMES), timeout=60_000)
        assert {label.evaluate(SEEN) for label in labels.all()} == {
            shown(name.replace("\u202e", ""), 60) for name in NAMES
        }
        nothing_acts(page)
        page.goto(f"{own_app}/?lang=en")
        expect(page.locator(".cx-card")).to_be_visible(timeout=120_000)
        nothing_acts(page)
        assert page.evaluate(OVERFLOWING) == []
        page.goto(f"{own_app}/where-to-invest?lang=en")
        expect(page.locator(".cx-bells").first).to_be_visible(timeout=120_000)
        nothing_acts(page)
        page.set_viewport_size({"width": 390, "height": 900})
        assert page.evaluate(OVERFLOWING) == []
        assert asked == []


def test_a_name_in_an_error_is_letters_on_every_page(visit, refusing):
    page, asked = watched(visit, f"{refusing}/method?lang=en")
    for path in ("", "what-if", "where-to-invest", "upload"):
        page.goto(f"{refusing}/{path}?lang=en")
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=60_000)
        if path != "upload":
            expect(page.get_by_test_id("stAlert").first).to_contain_text("log in", timeout=60_000)
        nothing_acts(page)
        assert asked == []


# The app, but for the child that reads a file: forty files would be forty processes.
READING_HERE = """
import runpy
from cxroi.actions import load
from tests.acting import parsed_here
from cxroi.ui.app import ahead
load.run_child = parsed_here
ahead.keep_answering = lambda: None
runpy.run_path("app.py", run_name="__main__")
"""


@pytest.fixture(scope="module")
def refusing(tmp_path_factory):
    """An app whose data cannot be read as a panel, because the customers of a segment with a hostile name do not add up."""
    folder = tmp_path_factory.mktemp("refusing")
    prepared(
        folder / "workspace",
        monthly([f"![p](http://{EVIL}/x) [Click here to log in](http://{EVIL}/login)"], joined=900),
    )
    with served_app(folder / "workspace", sys.executable, "-c", READING_HERE, "--headless", "--port") as url:
        yield url


def test_a_dropped_files_name_is_letters(visit, refusing):
    page, asked = watched(visit, f"{refusing}/upload?lang=en")
    possible = [name for name in NAMES if not set(name) & set("/\\\u202e") and len(name) < 100]
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        [{"name": f"{n}.csv", "mimeType": "text/csv", "buffer": f"alpha,beta\n1,{n}\n".encode()} for n in possible]
    )
    expect(page.get_by_text("Say which table it is", exact=False)).to_have_count(len(possible), timeout=120_000)
    main = page.get_by_test_id("stMain").evaluate(SEEN)
    assert [name for name in possible if f"{name}.csv" not in main] == []
    nothing_acts(page)
    assert asked == []
