"""A report is downloaded from its page as a file of its own name, and opens without the app and without a network."""

from playwright.sync_api import expect


def test_the_html_report_is_made_downloaded_and_opened_with_nothing_else(visit, tmp_path):
    page = visit("/report?lang=en")
    page.locator(".st-key-make-html button").click()
    take = page.locator(".st-key-take-html button")
    expect(take).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        take.click()
    assert download.value.suggested_filename.startswith("cx-roi-what-the-data-say-")
    file = tmp_path / "report.html"
    download.value.save_as(file)
    asked, wrong = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(file.as_uri())
        expect(page.locator(f"figure .{scheme} svg").first).to_be_visible()
    expect(page.locator("figure .light svg").first).to_be_hidden()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == [] and wrong == []
