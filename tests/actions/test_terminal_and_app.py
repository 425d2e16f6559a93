"""The terminal and the app are two ways to the same change: the same bytes, the same settings, the same lines in the trail."""

import json
from pathlib import Path

import pandas as pd
import pytest
import streamlit
from streamlit.testing.v1 import AppTest

from cxroi.actions.person import system_account
from cxroi.actions.place import workspace_folder
from cxroi.cli import main
from cxroi.cli.arguments import parser
from cxroi.cli.layout import workspace_of
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import Text
from cxroi.ui.app.current import current_workspace
from cxroi.ui.app.frame import page_path
from tests.upload_page import settled, to_tab

pytestmark = pytest.mark.usefixtures("files_read_here")
ROOT, EN = Path(__file__).parents[2], Text("en")
MONTHS = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
EURO = {"currency": "eur", "reporting": "SAR", "worth": "٤٫٠٥", "from_month": "2025-03-15", "kind": "average"}


def ledger(first_amount, wrong):
    rows = [f"{month},{first_amount + n},{'Care' if n % 2 else 'Rent'},SAR,yes" for n, month in enumerate(MONTHS)]
    return "\n".join(["period,amount,note,currency,is_cx", *rows, f"2025-06,{wrong},Rent,SAR,yes"])


FILES = {
    "ledger.csv": ledger(100, "much"),
    "more.csv": ledger(300, "=more"),
    "customers.csv": "\n".join(
        ["customer_id,joined_on,left_on", *(f"C-{n},2024-01-{1 + n % 28:02d}," for n in range(30))]
    ),
}


class Terminal:
    """A person at the terminal."""

    def __init__(self, folder, files, capsys):
        self.folder, self._files, self._capsys = folder, files, capsys
        self.run("sample")

    def run(self, *line):
        self._capsys.readouterr()
        code = main([*line, "--json", "--workspace", str(self.folder)])
        out = self._capsys.readouterr()
        assert code == 0, out.err
        return json.loads(out.out)

    def load(self, name, *how):
        self.run("import", str(self._files / name), *how)

    def rates(self, *rows):
        for row in rows:
            month = ["--from", row["from_month"]] if row.get("from_month") else []
            given = ["--set", f"{row['currency']}={row['worth']}", "--to", row["reporting"], "--kind", row["kind"]]
            self.run("rates", *given, *month, "--source", "bank")

    def no_rates(self):
        self.run("rates", "--drop", "EUR", "--to", "SAR")

    def add_rule(self, column, contains):
        self.run("rules", "--cx-rule", f"{column}={contains}")

    def remove_rule(self):
        self.run("rules", "--remove", "1")

    def share_by(self, rule):
        self.run("shares", "--by", rule)

    def share(self, **shares):
        self.run("shares", *(f"--set={segment}={share}" for segment, share in shares.items()))

    def in_support(self, share):
        self.run("in-support", "--set", f"{share:.0f}%")

    def forget_mapping(self):
        self.run("mappings", "--clear")

    def restore(self, number):
        self.run("restore", str(number))

    def delete(self, number):
        self.run("delete", str(number))

    def forget(self, customer):
        return self.run("forget", customer)

    def repair(self):
        self.run("repair")

    def rejects(self, table, out):
        return [Path(file).read_bytes() for file in self.run("rejects", table, "--out", str(out))["files"]]


class App:
    """A person before the Upload page, who does the same with the mouse."""

    def __init__(self, folder, files, monkeypatch):
        self.folder, self._files, self._monkeypatch = folder, files, monkeypatch
        folder.mkdir(parents=True, exist_ok=True)  # one that was named and is not there is never made anew
        monkeypatch.setenv("CXROI_WORKSPACE", str(folder))
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = "en"
        self.page = app.run().button(key="begin-with-sample").click().run().switch_page(page_path("upload")).run()

    def settled(self, app):
        self.page = settled(app)
        assert not app.exception and not app.error, [error.value for error in app.error]

    def open(self, tab):
        self.settled(to_tab(self.page, tab))

    def press(self, key="", label=""):
        found = next(b for b in self.page.button if b.key == key or (label and b.label == label))
        self.settled(found.click().run())

    def load(self, name, *how):
        self.open("load")
        content = (self._files / name).read_bytes()
        self.settled(self.page.file_uploader[0].upload(name, content, "text/csv").run())
        self.settled(self.page.radio(key="upload-mode").set_value("append" if "--append" in how else "replace").run())
        self.press("upload-load")

    def rates(self, *rows):
        self.open("settings")
        frame = pd.DataFrame([{"source": "bank", **row} for row in rows])
        with self._monkeypatch.context() as patch:  # a test cannot type into the table
            patch.setattr(streamlit, "data_editor", lambda *_, **__: frame)
            self.press("rates-save")

    def no_rates(self):
        self.rates({"currency": "", "source": ""})

    def add_rule(self, column, contains):
        self.open("settings")
        self.page.selectbox(key="rule-column-kept").set_value(column)
        self.page.text_input(key="rule-contains-kept").set_value(contains)
        add = EN("page.upload.rules.add")
        found = next(b for b in self.page.button if b.label == add and "kept" in b.form_id)
        self.settled(found.click().run())

    def remove_rule(self):
        self.open("settings")
        self.press("rule-remove-kept-0")

    def share_by(self, rule):
        self.open("settings")
        self.settled(self.page.radio(key="shared-rule").set_value(rule).run())

    def share(self, **shares):
        self.open("settings")
        for segment, share in shares.items():
            self.page.number_input(key=f"share--{segment}").set_value(float(share))
        self.press(label=EN("page.upload.shared.save"))

    def in_support(self, share):
        self.open("settings")
        self.page.radio(key="in-support-answer-kept").set_value("share").run()
        self.page.number_input(key="in-support-share-kept").set_value(share)
        self.press("in-support-save-kept")

    def forget_mapping(self):
        self.open("settings")
        self.press(next(b.key for b in self.page.button if (b.key or "").startswith("forget-")))

    def restore(self, number):
        self.open("settings")
        self.press(f"restore-{Workspace.open(self.folder).version(str(number)).id}")

    def delete(self, number):
        self.open("settings")
        self.press(f"delete-{Workspace.open(self.folder).version(str(number)).id}")

    def forget(self, customer):
        self.open("settings")
        self.page.checkbox(key="forget-customer-sure").set_value(True)
        self.page.text_input(key="forget-customer").set_value(customer)
        self.press(label=EN("page.upload.forget.button"))
        return dict(self.page.session_state["choices"].receipt)

    def repair(self):
        self.page.run()
        next(b for b in self.page.button if b.label == EN("ui.repair")).click().run()

    def rejects(self, table, out):
        self.open("settings")
        offered, version = [], Workspace.open(self.folder).current()

        def button(_label, data, *_, key, **__):
            if key.startswith(f"rejects-{version.id}-{table}"):
                offered.append(data())

        with self._monkeypatch.context() as patch:
            patch.setattr(streamlit, "download_button", button)
            self.page.run()
        return offered


def looked_at(folder):
    """Return what a workspace holds, without the moments at which it came there: versions by number, settings, trail."""
    workspace, state = Workspace.open(folder), State.open(folder)
    numbers = {version.id: version.number for version in workspace.versions()}
    return {
        "current": workspace.current().number,
        "versions": [seen(version, numbers) for version in workspace.versions()],
        "rates": [(r.currency, r.reporting, r.worth, r.from_month, r.kind, r.source) for r in state.known_rates()],
        "rules": state.ledger_rules(),
        "shares": state.allocation(),
        "in_support": state.spend_in_support(),
        "mappings": [(m.fingerprint, m.table, dict(m.columns)) for m in state.mappings()],
    }


def seen(version, numbers):
    tables = {
        name: (
            table.rows,
            dict(table.sums),
            [path.read_bytes() for path in table.files],
            [path.read_bytes() for path in table.rejects],
            [{key: fact for key, fact in source.items() if key != "loaded_at"} for source in table.sources],
        )
        for name, table in version.tables.items()
    }
    return version.number, numbers.get(version.parent), version.illustrative, tables


def trail(folder):
    """Return the lines of the trail, versions told by their number; who is compared apart."""
    lines = []
    for line in State.open(folder).audit():
        if line.what in ("files brought", "files removed"):  # the terminal reads files where they lie
            continue
        facts = {name: fact for name, fact in line.facts.items() if name != "through"}
        lines.append((line.what, numbered(facts)))
    return lines


def numbered(fact):
    if isinstance(fact, dict):
        return {numbered(key): numbered(value) for key, value in fact.items()}
    if isinstance(fact, list):
        return [numbered(one) for one in fact]
    return int(fact[:6]) if isinstance(fact, str) and fact[:6].isdecimal() and fact[6:7] == "-" else fact


@pytest.fixture
def both(tmp_path, capsys, monkeypatch):
    files = tmp_path / "files"
    files.mkdir()
    for name, content in FILES.items():
        (files / name).write_text(content, encoding="utf-8")
    return Terminal(tmp_path / "terminal", files, capsys), App(tmp_path / "app", files, monkeypatch)


def remember(person):
    State.open(person.folder).remember_mapping(["Datum"], "costs", {"period": "Datum"})


def share_out_before(person):
    person.share_by("shares")
    State.open(person.folder).set_shares("", {"Homes": 1.0, "Offices": 1.0})
    if isinstance(person, App):
        person.page.run()


STORIES = {
    "files": [
        lambda p: p.load("ledger.csv"),
        lambda p: p.load("more.csv", "--append"),
        lambda p: p.add_rule("note", "care"),
        lambda p: p.load("customers.csv"),
        lambda p: p.restore(2),
        lambda p: p.delete(3),
        lambda p: p.forget("C-7"),
        lambda p: p.remove_rule(),
    ],
    "settings": [
        lambda p: p.load("ledger.csv"),
        lambda p: p.rates(EURO),
        lambda p: p.rates({**EURO, "worth": "4,1"}),
        lambda p: p.no_rates(),
        share_out_before,
        lambda p: p.share(Homes=0, Offices=3),
        lambda p: p.share_by("revenue"),
        lambda p: p.in_support(25.0),
        remember,
        lambda p: p.forget_mapping(),
        lambda p: (p.folder / "CURRENT").write_text("no such version"),
        lambda p: p.repair(),
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_the_same_jobs_leave_the_same_bytes_and_the_same_trail(both, story):
    terminal, app = both
    for number, job in enumerate(STORIES[story], 1):
        job(terminal)
        job(app)
        if (terminal.folder / "CURRENT").read_text() != "no such version":
            assert looked_at(terminal.folder) == looked_at(app.folder), f"after job {number}"
        assert trail(terminal.folder) == trail(app.folder), f"after job {number}"
    who = system_account()
    assert {line.who for line in State.open(terminal.folder).audit()} == {who}
    assert {line.who for line in State.open(app.folder).audit()} == {f"{who} (app)"}


def test_the_receipts_of_both_say_the_same(both):
    told = []
    for person in both:
        person.load("customers.csv")
        told.append(person.forget("C-7"))
    terminal, app = told
    same = ("rows_removed", "kept_out_removed", "mentions", "recorded")
    assert {name: terminal[name] for name in same} == {name: app[name] for name in same}
    assert terminal["rows_removed"] == {"customers": 1}


def test_the_rows_put_aside_of_a_table_in_two_files_are_given_back_by_both(both, tmp_path):
    given = []
    for person in both:
        person.load("ledger.csv")
        person.load("more.csv", "--append")
        given.append(person.rejects("costs", tmp_path / "rejects.csv"))
    assert len(given[0]) == 2 and given[0] == given[1]
    assert b"much" in given[0][0] and b"'=more" in given[0][1]


def test_both_find_the_workspace_in_the_same_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXROI_WORKSPACE", "~/cx")
    of_terminal = workspace_of(parser(EN).parse_args(["versions"])).folder
    assert of_terminal == current_workspace().folder == workspace_folder() == tmp_path / "cx"
    assert not (tmp_path / "~").exists()
