"""A person drops a file, answers what only a person can, loads it, and goes back, in a real browser."""

import pytest
from playwright.sync_api import expect

from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from tests.browser.conftest import ASKED_ONLY, served_app, settle
from tests.browser.test_frame import violations
from tests.sample_place import sample_place

EN = Text("en")
MONTHS = [f"{year}-{month:02d}-01" for year in (2024, 2025) for month in range(1, 13)]


def monthly(spend=lambda place: 20_000 + 900 * (place % 5)):
    head = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"
    rows = [f"{m},all,{5000},100,100,600000,300000,{spend(place)}" for place, m in enumerate(MONTHS)]
    return "\n".join([head, *rows]).encode()


@pytest.fixture
def upload_page(visit):
    """The Upload page of the shared app; nothing is loaded there."""
    return visit("/upload?lang=en")


def drop(page, name, content):
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )


def press_load(page):
    page.get_by_role("button", name=EN("page.upload.load"), exact=True).click()


@pytest.fixture(scope="module")
def own_app(tmp_path_factory):
    """An app of this module, in which files are loaded, with its workspace."""
    workspace = sample_place(tmp_path_factory)
    with served_app(workspace, *ASKED_ONLY) as url:
        yield url, workspace


@pytest.fixture
def loading_page(visit, own_app):
    """The Upload page over the sample company, whatever was loaded before, and the number that the next version gets."""
    url, folder = own_app
    page = visit(f"{url}/upload?lang=en")
    workspace = Workspace.open(folder)
    if not workspace.current().illustrative:
        workspace.restore(workspace.versions()[-1].id)
        page.reload()
        settle(page)
    expect(page.get_by_text("Illustrative.")).to_be_visible()
    return page, workspace.versions()[0].number + 1


def test_a_file_is_read_counted_loaded_and_left_again(loading_page):
    page, number = loading_page
    drop(page, "monthly.csv", monthly())
    expect(page.get_by_text("24 rows read = 24 good + 0 set aside + 0 skipped")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Illustrative.")).to_be_visible()
    press_load(page)
    expect(page.get_by_text(EN("page.upload.done", number=number)).first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Illustrative.")).to_have_count(0)
    page.get_by_role("tab", name=EN("page.upload.tab.settings")).click()
    page.get_by_role("button", name=EN("page.upload.versions.restore")).last.click()
    expect(page.get_by_text(f"Version {number + 1}", exact=False).first).to_be_visible(timeout=30_000)
    expect(page.get_by_text("Illustrative.")).to_be_visible()


def test_a_rejected_row_says_where_and_why_and_can_be_taken_away(upload_page):
    bad = monthly().replace(b"2024-05-01,all", b"2024-99-01,all")
    drop(upload_page, "monthly.csv", bad)
    fold = upload_page.get_by_text(EN("page.upload.rejected", count=1)).first
    expect(fold).to_be_visible(timeout=30_000)
    fold.click()
    table = upload_page.locator(".cx-words").first
    expect(table).to_contain_text("2024-99-01")
    settle(upload_page)  # what is offered while a page is still drawn belongs to the run before
    with upload_page.expect_download() as download:
        upload_page.get_by_role("button", name=EN("page.upload.download")).click()
    assert b"2024-99-01,all,5000,100,100,600000,300000" in download.value.path().read_bytes()


def test_markup_in_names_is_shown_as_text_and_fetches_nothing(upload_page):
    outside = []
    upload_page.on("request", lambda r: outside.append(r.url) if "evil" in r.url else None)
    head = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"
    name = "![x](http://evil.example/a.png) <img src=http://evil.example/b onerror=alert(1)>"
    rows = [f"{m},{name},5000,100,100,600000,300000,{2000 + 100 * (p % 4)}" for p, m in enumerate(MONTHS)]
    drop(upload_page, "![f](http://evil.example/c.png).csv", "\n".join([head, *rows]).encode())
    expect(upload_page.get_by_text("24 rows read =")).to_be_visible(timeout=30_000)
    upload_page.get_by_text(EN("page.upload.columns"), exact=True).first.click()
    upload_page.wait_for_timeout(500)
    assert outside == [] and upload_page.locator("img[src*=evil]").count() == 0


def test_a_template_can_be_taken_away_in_the_readers_language(visit):
    page = visit("/upload?lang=ar")
    page.get_by_text(Text("ar")("page.upload.templates"), exact=True).click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=Text("ar")("table.costs._name"), exact=True).click()
    assert download.value.suggested_filename == "costs-ar.xlsx"
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_file_that_is_no_table_gets_a_sentence_and_changes_nothing(upload_page):
    drop(upload_page, "strange.csv", b"alpha,beta\n1,2\n")
    expect(upload_page.get_by_text("Say which table it is", exact=False)).to_be_visible(timeout=30_000)
    expect(upload_page.get_by_role("button", name=EN("page.upload.load"), exact=True)).to_have_count(0)


def test_a_reload_in_the_middle_of_a_load_finds_it_again(loading_page):
    page, number = loading_page
    rows = "".join(f"C{n % 5_000:05d},2025-{1 + n % 12:02d}-{1 + n % 28:02d},{n % 900}.50\n" for n in range(200_000))
    drop(page, "orders.csv", f"customer_id,ordered_on,amount\n{rows}".encode())
    expect(page.get_by_text("200,000 rows read = 200,000 good")).to_be_visible(timeout=60_000)
    press_load(page)
    expect(page.get_by_text(EN("page.upload.loading", file="").rstrip(" …")).first).to_be_visible(timeout=30_000)
    page.reload()
    expect(page.get_by_text(EN("page.upload.done", number=number)).first).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Illustrative.")).to_have_count(0)


def test_what_only_a_person_knows_is_asked_once_and_the_address_keeps_it_through_a_change_of_language(upload_page):
    rows = [f"C{n:03d},{n % 12 + 1:02d}/{n % 11 + 1:02d}/2025,{n + 1}.50" for n in range(40)]
    drop(upload_page, "orders.csv", "\n".join(["customer_id,ordered_on,amount", *rows]).encode())
    asked = upload_page.get_by_text(EN("page.upload.questions"))
    expect(asked).to_be_visible(timeout=30_000)
    upload_page.get_by_text(EN("page.upload.answer.mdy")).click()
    expect(asked).to_have_count(0, timeout=30_000)
    expect(upload_page.get_by_text("40 rows read = 40 good")).to_be_visible(timeout=30_000)
    upload_page.get_by_text("العربية", exact=True).click()
    words = Text("ar")("page.upload.counts", read=40, loaded=40, rejected=0, skipped=0)
    expect(upload_page.get_by_text(words)).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language, theme", [("en", "light"), ("ar", "dark")])
def test_a_page_with_a_file_on_it_meets_wcag(visit, language, theme):
    page = visit(f"/upload?lang={language}", theme)
    bad = monthly().replace(b"2024-05-01,all", b"2024-99-01,all")
    drop(page, "monthly.csv", bad)
    expect(page.get_by_text(Text(language)("page.upload.rejected", count=1)).first).to_be_visible(timeout=30_000)
    for fold in page.get_by_test_id("stExpander").locator("summary").all():
        fold.click()
    page.wait_for_timeout(500)
    assert violations(page) == []
    page.get_by_role("tab", name=Text(language)("page.upload.tab.settings")).click()
    page.get_by_role("tab", name=Text(language)("page.upload.money.title")).click()
    page.wait_for_timeout(500)
    assert violations(page) == []


def test_a_file_is_loaded_with_the_keyboard_alone(loading_page):
    page, number = loading_page
    drop(page, "monthly.csv", monthly())
    expect(page.get_by_role("button", name=EN("page.upload.load"), exact=True)).to_be_visible(timeout=30_000)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.matches('button:not([role=tab])') && document.activeElement.innerText"
        ) == (EN("page.upload.load")):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_text(EN("page.upload.done", number=number)).first).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_tab_of_settings_has_an_address_is_reached_by_keyboard_and_outlives_a_reload(visit, language):
    words = Text(language)
    page = visit(f"/upload?lang={language}&tab=settings", viewport={"width": 360, "height": 780})
    settings = page.get_by_role("tab", name=words("page.upload.tab.settings"))
    expect(settings).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name=words("page.upload.versions.title"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= 360")
    settings.focus()
    page.keyboard.press("ArrowRight" if language == "ar" else "ArrowLeft")
    load = page.get_by_role("tab", name=words("page.upload.tab.load"), exact=True)
    expect(load).to_have_attribute("aria-selected", "true")
    expect(page.get_by_test_id("stFileUploaderDropzone")).to_be_visible()
    settle(page)
    assert "tab=" not in page.url
    settings.click()
    settle(page)
    page.reload()
    settle(page)
    expect(page.get_by_role("tab", name=words("page.upload.tab.settings"))).to_have_attribute("aria-selected", "true")
