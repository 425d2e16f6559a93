import asyncio
import base64
import hashlib
import re
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from cxroi.shipped import shipped
from cxroi.ui.app.launch import serve
from cxroi.ui.app.server import middleware, rewrite

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"


async def page(request):
    return FileResponse(INDEX)


async def metrics(request):
    return JSONResponse({"secret": True})


class Client:
    """A browser without a window: asks the app, keeps cookies, follows nothing."""

    def __init__(self):
        routes = [Route("/_stcore/metrics", metrics), Route("/_stcore/agent/openapi.json", metrics)]
        routes += [Route("/media/abc.csv", metrics), Route("/static/app.js", metrics)]
        self.app = Starlette(routes=[*routes, Route("/{x:path}", page)], middleware=middleware())
        self.cookies = {}

    def get(self, address, method="GET", **headers):
        path, _, query = address.partition("?")
        asked = {"host": "localhost", "accept": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
        asked["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in asked.items()],
        }
        sent = []

        async def send(message):
            sent.append(message)

        async def receive():
            await asyncio.Event().wait()

        asyncio.run(self.app(scope, receive, send))
        answer = Answer(sent)
        if "set-cookie" in answer.headers:
            name, _, value = answer.headers["set-cookie"].split(";")[0].partition("=")
            self.cookies[name] = value
        return answer


class Answer:
    def __init__(self, messages):
        self.status_code = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.content = b"".join(message.get("body", b"") for message in messages[1:])
        self.text = self.content.decode(errors="replace")


@pytest.fixture
def client():
    return Client()


def direction(answer):
    return re.search(r'<html lang="(\w+)" dir="(\w+)">', answer.text).groups()


def test_the_address_decides_the_language_and_is_remembered(client):
    assert direction(client.get("/method?lang=ar")) == ("ar", "rtl")
    assert direction(client.get("/method", accept_language="en")) == ("ar", "rtl")


def test_the_browsers_language_decides_on_a_first_visit(client):
    assert direction(client.get("/", accept_language="ar-SA,en;q=0.5")) == ("ar", "rtl")
    assert direction(client.get("/", accept_language="fr")) == ("en", "ltr")


def test_an_unknown_language_in_the_address_is_passed_over(client):
    answer = client.get('/?lang="><script>alert(1)</script>')
    assert direction(answer) == ("en", "ltr") and "alert(1)" not in answer.text


def test_every_script_in_the_page_is_named_by_its_hash_and_no_other_runs(client):
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    script_sources = re.search(r"script-src ([^;]*)", policy)[1].split()
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.DOTALL)
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in inline}
    assert set(script_sources) == {"'self'", "'wasm-unsafe-eval'"} | hashes
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy


def test_the_page_is_never_answered_from_a_cache_or_packed(client):
    first = client.get("/", accept_encoding="gzip", if_none_match="x")
    assert first.status_code == 200 and first.headers["cache-control"] == "no-store"
    assert "etag" not in first.headers and "content-encoding" not in first.headers
    assert int(first.headers["content-length"]) == len(first.content)


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_asking_for_the_headers_alone_gives_those_of_the_page_and_no_body(client, accept):
    whole, alone = client.get("/", accept=accept), client.get("/", method="HEAD", accept=accept)
    assert alone.headers == whole.headers and whole.content and alone.content == b""


def test_a_file_that_a_page_shows_stays_in_no_cache(client):
    assert client.get("/media/abc.csv", accept="*/*").headers["cache-control"] == "no-store"
    assert "no-store" not in client.get("/static/app.js", accept="*/*").headers.get("cache-control", "")


def test_switching_keeps_the_page_and_its_whole_address(client):
    answer = client.get("/language/ar", referer="http://localhost/what-if?lang=en&s=1.ab%26c")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/what-if?lang=ar&s=1.ab%26c"


@pytest.mark.parametrize(
    "referer", ["http://evil.example/x?s=1", "http://localhost//evil.example/", "", "garbage", "http://[::1"]
)
def test_switching_never_leads_to_another_site(client, referer):
    answer = client.get("/language/ar", referer=referer)
    assert re.fullmatch(r"/(?!/)[^:]*\?lang=ar", answer.headers["location"])


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_what_operators_alone_should_see_is_hidden(client, path):
    assert "secret" not in client.get(path).text


def test_an_address_that_others_can_reach_must_be_meant(capsys):
    with pytest.raises(SystemExit):
        serve(None, ["--address", "0.0.0.0"])
    assert "--open-to-network" in capsys.readouterr().err


def test_every_answer_carries_the_security_headers(client):
    headers = client.get("/app/static/icon.png").headers
    assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"


def test_the_page_that_streamlit_ships_still_has_what_is_rewritten():
    index = INDEX.read_text(encoding="utf-8")
    rewritten, _ = rewrite(index, "ar")
    assert "<title>CX ROI</title>" in rewritten and 'href="./app/static/icon.png"' in rewritten
    assert "react-aria.i18n.locale" in rewritten and "openapi.json" not in rewritten


@pytest.mark.parametrize(("language", "faces"), [("en", 2), ("ar", 4)])
def test_styles_of_the_parts_and_the_type_of_the_headings_come_with_the_page(language, faces):
    page, _ = rewrite(INDEX.read_text(encoding="utf-8"), language)
    root, style = page.index('<div id="root">'), page.index(".cx-board {")
    assert root < style < page.index("</body>")  # after the styles that Streamlit writes into the head
    fonts = re.findall(r'<link rel="preload" href="\./app/(static/fonts/[^"]+)" as="font"', page)
    assert len(fonts) == faces and all(shipped(font).is_file() for font in fonts)


def test_the_digits_are_switched_as_the_language_is_and_remembered(client):
    answer = client.get("/digits/arab", referer="http://localhost/what-if?lang=ar&s=1.ab")
    assert answer.headers["location"] == "/what-if?digits=arab&lang=ar&s=1.ab"
    assert "cxroi_digits=arab" in answer.headers["set-cookie"]
    assert "set-cookie" not in client.get("/digits/roman").headers


def test_a_page_that_there_is_not_leads_to_the_first_which_says_so(client):
    answer = client.get("/nowhere?lang=ar", accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?unknown=nowhere&lang=ar")
    assert client.get("/far/away/", accept="text/html").headers["location"] == "/?unknown=far%2Faway"
    assert client.get("/what-if?lang=ar", accept="text/html").status_code == 200
    assert client.get("/nowhere.js", accept="*/*").status_code != 303
