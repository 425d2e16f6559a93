"""The Upload page, driven without a browser, in both languages."""

import os
import threading
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.testing.v1 import AppTest

from cxroi.intake.report import IntakeRequest
from cxroi.questions import gather
from cxroi.store.files.waiting import Waiting
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.sample import load_sample
from cxroi.store.state.state import State
from cxroi.store.versions.workspace import Workspace
from cxroi.text import LANGUAGES, Text
from cxroi.text.plain import plain
from cxroi.ui.app.frame import page_path
from cxroi.ui.app.work import _all as work_kept
from cxroi.ui.app.work import find
from cxroi.ui.data import upload
from tests.acting import load_file
from tests.intake.workbooks import xlsx
from tests.upload_page import settled, to_settings, to_tab

pytestmark = pytest.mark.usefixtures("files_read_here")  # the child that reads stands in browser/test_upload.py too
EN = Text("en")
ROOT = Path(__file__).parents[2]
MONTHS = [f"{year}-{month:02d}-01" for year in (2024, 2025) for month in range(1, 13)]
HEAD = "month,segment,customers_at_start,customers_joined,customers_lost,revenue,contribution_margin,cx_spend"


def monthly(level=20_000):
    rows = [f"{m},all,5000,100,100,600000,300000,{level + 900 * (place % 5)}" for place, m in enumerate(MONTHS)]
    return "\n".join([HEAD, *rows]).encode()


@pytest.fixture
def opened(tmp_path, monkeypatch):
    load_sample(Workspace.open(tmp_path / "workspace"))
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "workspace"))

    def open_page(language="en"):
        app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        app.query_params["lang"] = language
        return app.switch_page(page_path("upload")).run()

    return open_page


@pytest.fixture
def workspace(tmp_path):
    return Workspace.open(tmp_path / "workspace")


def tables(app):
    return " ".join(html.proto.body for html in app.get("html"))


def drop(app, name, content):
    return settled(app.file_uploader[0].upload(name, content, "text/csv").run())


def load(app):
    return settled(app.button(key="upload-load").click().run())


def said(app):
    groups = (app.markdown, app.caption, app.info, app.success, app.error, app.warning)
    return "\n".join(element.value for group in groups for element in group)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_counted_before_it_is_loaded_and_named_after(opened, workspace, language):
    text = Text(language)
    app = drop(opened(language), "monthly.csv", monthly())
    assert not app.exception
    assert text("page.upload.counts", read=24, loaded=24, rejected=0, skipped=0) in said(app)
    assert workspace.current().illustrative
    load(app)
    assert not app.exception
    assert text("page.upload.done", number=2) in said(app)
    assert not workspace.current().illustrative and workspace.current().tables["monthly"].rows == 24


def test_the_same_file_twice_is_known_again(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    load(app)
    drop(app, "again.csv", monthly())
    load(app)
    assert "already in the table" in said(app)
    assert workspace.current().number == 2


def test_a_load_that_ends_before_the_page_is_drawn_again_is_told_all_the_same(opened, workspace, monkeypatch):
    app = drop(opened(), "monthly.csv", monthly())
    load(app)
    drop(app, "again.csv", monthly())

    def at_once(*args, **kinds):
        work = begin_alone(*args, **kinds)
        assert work.wait(90)
        return work

    begin_alone = upload.begin_alone
    monkeypatch.setattr(upload, "begin_alone", at_once)
    app.button(key="upload-load").click().run()
    assert "already in the table" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "content, sentence",
    [(b"", "upload.empty"), (HEAD.encode() + b"\n", "upload.header_only"), (b"\x00\x01\x02\xff\xfe", None)],
)
def test_a_bad_file_gets_a_sentence_and_changes_nothing(opened, workspace, language, content, sentence):
    app = opened(language)
    before = workspace.current()
    app = drop(app, "bad.csv", content)
    assert not app.exception
    assert workspace.current() == before
    if sentence is not None:
        assert Text(language)(sentence) in said(app)
    assert Text(language)("page.upload.nothing_ready") in said(app)


def test_money_without_a_currency_is_asked_for_one_and_keeps_it(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    asked = next(box for box in app.text_input if box.key.startswith("currency-"))
    assert asked.value == ""
    settled(asked.set_value("usd").run())
    load(app)
    assert workspace.current().tables["monthly"].sources[0]["currency"] == "USD"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unclear_sign_is_asked_about_answered_and_remembered(opened, workspace, language):
    text = Text(language)
    dollars = monthly().replace(b",600000,", b",$ 600000.50,")
    app = drop(opened(language), "monthly.csv", dollars)
    (asked,) = [box for box in app.selectbox if box.key.startswith("word-")]
    assert asked.value is None and asked.options[:2] == [text.currency_name("USD"), text.currency_name("CAD")]
    settled(asked.set_value("CAD").run())
    load(app)
    assert not app.exception
    assert workspace.current().tables["monthly"].sources[0]["currency"] == "CAD"
    app = drop(app, "later.csv", dollars.replace(b"5000,", b"5001,"))
    (read,) = [box for box in app.selectbox if box.key.startswith("word-")]
    assert read.value == "CAD"  # known now, and still to be corrected
    settled(read.set_value("USD").run())
    load(app)
    assert workspace.current().tables["monthly"].sources[0]["currency"] == "USD"


def test_a_table_chosen_by_hand_brings_its_columns_to_be_mapped(opened, workspace):
    rows = [f"{m},{5000 - n},{n},9000,{400 + n}" for n, m in enumerate(MONTHS)]
    app = drop(opened(), "odd.csv", "\n".join(["when,heads,gone,cash,outlay", *rows]).encode())
    table = next(box for box in app.selectbox if box.key.startswith("table-"))
    settled(table.set_value("monthly").run())
    for target, source in {
        "month": "when",
        "customers_at_start": "heads",
        "customers_lost": "gone",
        "revenue": "cash",
        "cx_spend": "outlay",
    }.items():
        box = next(
            box for box in app.selectbox if box.key.startswith("map-") and box.key.endswith(f"-monthly-{target}")
        )
        settled(box.set_value(source).run())
    assert not app.exception
    assert "24 rows ready" in said(app)


def test_an_earlier_version_can_be_used_again_compared_and_deleted(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    load(app)
    first = workspace.versions()[-1]
    to_settings(app).button(key=f"compare-{first.id}").click().run()
    assert not app.exception and "Version 1 against version 2" in " ".join(s.value for s in app.subheader)
    assert EN("versions.figure.monthly_churn_rate") in tables(app)
    app.button(key=f"restore-{first.id}").click().run()
    assert workspace.current().number == 3 and workspace.current().illustrative
    second = workspace.version("2")
    app.button(key=f"delete-{second.id}").click().run()
    assert not app.exception and "2" not in {str(v.number) for v in workspace.versions()}
    assert "Version 2 was deleted" in said(app)
    assert [line.what for line in State.open(workspace.folder).audit()][-1] == "deleted version"


def test_a_customer_is_forgotten_with_a_receipt_that_does_not_name_them(opened, workspace):
    customers = "\n".join(
        ["customer_id,joined_on,left_on", *(f"C-{n:03d},2024-01-{1 + n % 28:02d}," for n in range(30))]
    )
    app = to_settings(load(drop(opened(), "customers.csv", customers.encode())))
    app.text_input(key="forget-customer").set_value("C-007")
    forget = next(b for b in app.button if b.label == EN("page.upload.forget.button"))
    app = forget.click().run()
    assert EN("page.upload.forget.confirm") in said(app) and workspace.current().tables["customers"].rows == 30
    app.checkbox(key="forget-customer-sure").set_value(True)
    app.text_input(key="forget-customer").set_value("C-007")
    app = next(b for b in app.button if b.label == EN("page.upload.forget.button")).click().run()
    assert not app.exception and workspace.current().tables["customers"].rows == 29
    assert "One customer was forgotten" in said(app) and "C-007" not in said(app)
    assert not [work for work in work_kept.values() if "C-007" in repr(work.result)]


def test_a_damaged_version_is_found_and_said(opened, workspace):
    app = to_settings(load(drop(opened(), "monthly.csv", monthly())))
    (path,) = workspace.versions()[-1].tables["orders"].files
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    app.button(key="check-versions").click().run()
    assert path.name in said(app).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_the_data_in_use_are_damaged_a_sentence_and_the_way_back_are_on_the_page(opened, workspace, language):
    app = load(drop(opened(language), "monthly.csv", monthly()))
    (workspace.folder / "CURRENT").write_text("no such version")
    app.run()
    assert Text(language)("store.pointer_damaged") in said(app)
    next(b for b in app.button if b.label == Text(language)("ui.repair")).click().run()
    assert not app.error and workspace.current().number == 2


@pytest.fixture
def gate(monkeypatch):
    """Every load waits until the gate is opened, and then is the real one."""
    opened, real = threading.Event(), upload.load_many

    def wait_and_load(*given, cancelled, **more):
        while not opened.wait(0.02) and not cancelled():
            pass
        return real(*given, cancelled=cancelled, **more)

    monkeypatch.setattr(upload, "load_many", wait_and_load)
    yield opened
    opened.set()


def cancel_button(app):
    return next(button for button in app.button if (button.key or "").startswith("cancel-"))


def test_dropped_files_and_answers_outlive_a_change_of_page_and_a_reload(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    currency = next(box for box in app.text_input if box.key.startswith("currency-"))
    settled(currency.set_value("usd").run())
    app.switch_page(page_path("overview")).run()
    app.switch_page(page_path("upload")).run()
    assert "24 rows read" in said(settled(app))
    again = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    (folder,) = (workspace.folder / "waiting").iterdir()
    assert folder.name in app.query_params["files"]
    again.query_params["files"] = folder.name
    again = settled(again.switch_page(page_path("upload")).run())
    assert "24 rows read" in said(again)
    assert next(box for box in again.text_input if box.key.startswith("currency-")).value == "USD"


def test_a_file_can_be_taken_away(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    next(button for button in app.button if button.key.startswith("remove-")).click().run()
    assert "24 rows read" not in said(app) and not list((workspace.folder / "waiting").iterdir())


def ended(app):
    """Run again once no load is under way any more, as a tab does that cannot stop it."""
    assert find(upload._key()).wait(60)
    return app.run()


def test_a_load_is_seen_from_another_tab_as_somebody_elses_and_its_end_is_told_as_that(opened, workspace, gate):
    app = drop(opened(), "monthly.csv", monthly())
    app.button(key="upload-load").click().run()
    assert cancel_button(app)
    other = opened()
    assert "1.2 KB" in said(other) and not any((button.key or "").startswith("cancel-") for button in other.button)
    gate.set()
    other = ended(other)
    assert EN("page.upload.done_elsewhere", number=2) in said(other)
    assert EN("page.upload.done", number=2) not in said(other)
    assert EN("page.upload.done", number=2) in said(settled(app.run()))
    assert workspace.current().number == 2


def test_a_load_is_found_again_after_a_reload_by_the_one_who_began_it(opened, workspace, gate):
    app = drop(opened(), "monthly.csv", monthly())
    (folder,) = (workspace.folder / "waiting").iterdir()
    app.button(key="upload-load").click().run()
    again = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    again.query_params["files"] = folder.name
    again.switch_page(page_path("upload")).run()
    assert cancel_button(again)
    gate.set()
    assert EN("page.upload.done", number=2) in said(settled(again))
    too_late = AppTest.from_file(ROOT / "app.py", default_timeout=120)  # reloaded, and drawn only after its end
    too_late.query_params["files"] = folder.name
    too_late.switch_page(page_path("upload")).run()
    assert EN("page.upload.done", number=2) in said(too_late)


ORDERS = "customer_id,ordered_on,amount\n" + "".join(f"C{n},2025-01-{n % 28 + 1:02d},10.50\n" for n in range(40))


def test_a_second_persons_load_is_neither_dropped_in_silence_nor_told_as_done(opened, workspace, gate):
    first, second = drop(opened(), "monthly.csv", monthly()), drop(opened(), "orders.csv", ORDERS.encode())
    first.button(key="upload-load").click().run()
    second.button(key="upload-load").click().run()
    assert EN("page.upload.turned_away") in said(second)
    gate.set()
    second = ended(second)
    assert set(workspace.current().tables) == {"monthly"}
    assert EN("page.upload.done", number=2) not in said(second)
    assert EN("page.upload.turned_away_ended") in said(second) and "40 rows read" in said(settled(second))
    second = load(settled(second.run()))
    assert EN("page.upload.done", number=3) in said(second) and EN("page.upload.turned_away_ended") not in said(second)
    assert set(workspace.current().tables) == {"monthly", "orders"}


def test_a_load_pressed_after_somebody_elses_ended_unseen_changes_nothing_until_it_was_looked_at_again(
    opened, workspace
):
    first, second = drop(opened(), "monthly.csv", monthly()), drop(opened(), "orders.csv", ORDERS.encode())
    load(first)
    second = load(second)
    assert EN("store.changed_meanwhile") in said(second) and workspace.current().number == 2
    second = load(second)
    assert EN("page.upload.done", number=3) in said(second) and EN("store.changed_meanwhile") not in said(second)
    assert set(workspace.current().tables) == {"monthly", "orders"}


def test_a_cancelled_load_leaves_nothing_behind_and_the_file_where_it_was(opened, workspace, gate):
    app = drop(opened(), "monthly.csv", monthly())
    before = workspace.current()
    app.button(key="upload-load").click().run()
    cancel_button(app).click().run()
    app = settled(app)
    assert EN("upload.child_cancelled") in said(app)
    assert "24 rows read" in said(app)
    assert workspace.current() == before and not list((workspace.folder / "quarantine").iterdir())
    gate.set()
    assert EN("page.upload.done", number=2) in said(load(app))


def test_while_a_load_runs_nobody_can_begin_another(opened, gate):
    app = drop(opened(), "monthly.csv", monthly())
    app.button(key="upload-load").click().run()
    assert cancel_button(app) and "upload-load" not in [button.key for button in app.button]
    gate.set()
    settled(app)


LEDGER = "\n".join(
    [
        "period,amount,note,currency",
        *(f"{m[:7]},{100 + n},{'Care' if n % 2 else 'Rent'},SAR" for n, m in enumerate(MONTHS)),
    ]
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_for_ledger_lines_is_added_shows_what_it_chooses_and_is_taken_away(opened, workspace, language):
    text = Text(language)
    app = drop(opened(language), "ledger.csv", LEDGER.encode())
    column = next(box for box in app.selectbox if box.key.startswith("rule-column-") and not box.key.endswith("kept"))
    id = column.key.removeprefix("rule-column-")
    column.set_value("note")
    next(box for box in app.text_input if box.key == f"rule-contains-{id}").set_value("care")
    add = next(b for b in app.button if b.form_id and id in b.form_id and b.label == text("page.upload.rules.add"))
    app = settled(add.click().run())
    assert not app.exception
    assert State.open(workspace.folder).ledger_rules() == (("note", "care", "cx"),)
    table = " ".join(html.proto.body for html in app.get("html"))
    assert "1,344.00 SAR" in table and "1,332.00 SAR" in table
    next(b for b in app.button if b.key == f"rule-remove-{id}-0").click().run()
    assert State.open(workspace.folder).ledger_rules() == ()


def test_what_a_rule_chose_is_still_shown_for_the_ledger_in_use(opened, workspace):
    State.open(workspace.folder).set_ledger_rules((("note", "care", "cx"),))
    app = to_settings(load(drop(opened(), "ledger.csv", LEDGER.encode())))
    assert "1,344.00 SAR" in " ".join(html.proto.body for html in app.get("html"))


def test_shared_costs_are_divided_as_a_person_says(opened, workspace):
    app = to_settings(opened())
    app.radio(key="shared-rule").set_value("shares").run()
    fields = [box for box in app.number_input if box.key.startswith("share--")]
    assert not app.exception and len(fields) > 1
    for place, box in enumerate(fields):
        box.set_value(10.0 * place)
    next(b for b in app.button if b.label == EN("page.upload.shared.save")).click().run()
    kept = State.open(workspace.folder).allocation()
    assert kept.rule == "shares" and sorted(kept.shares[""].values()) == [10.0 * n for n in range(1, len(fields))]
    next(b for b in app.button if b.label == EN("page.upload.shared.clear")).click().run()
    assert State.open(workspace.folder).allocation().shares == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_wrong_cell_in_the_last_month_is_said_on_the_card_of_the_file(opened, language):
    *rows, last = monthly().decode().splitlines()
    before, _, spend = last.rpartition(",")
    wrong = "\n".join([*rows, f"{before},{40 * int(spend)}"]).encode()
    app = drop(opened(language), "monthly.csv", wrong)
    text = Text(language)
    card = said(app).replace("\\", "")
    assert text.month(date(2025, 12, 1)) in card and text.number(40 * int(spend), 0) in card
    assert text("page.upload.quality.doubtful") in card


def with_support(cost=50_000):
    head, *rows = monthly().decode().splitlines()
    return "\n".join([f"{head},support_cost", *(f"{row},{cost}" for row in rows)]).encode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whether_spend_is_in_support_cost_too_is_asked_once_and_the_answer_moves_the_panel(opened, workspace, language):
    text = Text(language)
    app = opened(language)
    assert text("page.upload.in_support.question") not in said(app)  # nobody asks about the sample company
    app = load(drop(app, "monthly.csv", with_support()))
    assert text("page.upload.in_support.question") in said(app)
    app.radio(key="in-support-answer-ask").set_value("share").run()
    app.number_input(key="in-support-share-ask").set_value(50.0).run()
    app.button(key="in-support-save-ask").click().run()
    assert not app.exception and text("page.upload.in_support.question") not in said(app)
    assert State.open(workspace.folder).spend_in_support() == SpendInSupport(answer="share", share=0.5)
    assert gather(workspace.folder).panel.support_cost[0, 0] == 50_000 - 10_000
    assert State.open(workspace.folder).audit()[-1].what == "spend_in_support"
    to_settings(app).button(key="in-support-clear-kept").click().run()
    app = to_tab(app, "load")
    assert text("page.upload.in_support.question") in said(app)


def test_an_answer_without_its_figure_is_not_kept(opened, workspace):
    app = load(drop(opened(), "monthly.csv", with_support()))
    app.radio(key="in-support-answer-ask").set_value("amount").run()
    app.button(key="in-support-save-ask").click().run()
    assert State.open(workspace.folder).spend_in_support() == SpendInSupport()
    app.number_input(key="in-support-amount-ask").set_value(900.0).run()
    app.button(key="in-support-save-ask").click().run()
    assert State.open(workspace.folder).spend_in_support() == SpendInSupport(answer="amount", amount_a_month=900)


def test_a_remembered_mapping_is_listed_and_forgotten(opened, workspace):
    State.open(workspace.folder).remember_mapping(["Datum", "Betrag"], "costs", {"amount": "Betrag"})
    app = to_settings(opened())
    assert "Betrag" in " ".join(html.proto.body for html in app.get("html"))
    next(b for b in app.button if b.key.startswith("forget-")).click().run()
    assert State.open(workspace.folder).mappings() == ()


def test_two_files_are_one_load_and_one_version(opened, workspace):
    costs = "\n".join(["period,amount,currency,is_cx", *(f"{m[:7]},1000,SAR,yes" for m in MONTHS)])
    app = drop(drop(opened(), "monthly.csv", monthly()), "costs.csv", costs.encode())
    load(app)
    assert workspace.current().number == 2 and set(workspace.current().tables) == {"monthly", "costs"}
    assert not list((workspace.folder / "waiting").iterdir())


def test_a_refused_file_keeps_waiting_beside_one_that_was_loaded(opened, workspace):
    app = drop(drop(opened(), "monthly.csv", monthly()), "bad.csv", HEAD.encode())
    app = load(app)
    assert workspace.current().number == 2 and "24 rows read" not in said(app)
    assert EN("upload.header_only") in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_loaded_already_keeps_waiting_and_is_added_all_the_same_on_a_press(opened, workspace, language):
    app = load(drop(opened(language), "orders.csv", ORDERS.encode()))
    assert "upload-load-again" not in [button.key for button in app.button]
    app = drop(app, "orders.csv", ORDERS.encode())
    app.radio(key="upload-mode").set_value("append")
    app = load(app)
    assert workspace.current().number == 2
    again = app.button(key="upload-load-again")
    assert again.label == Text(language)("page.upload.load_again")
    app = settled(again.click().run())
    assert not app.exception and Text(language)("page.upload.done", number=3) in said(app)
    assert workspace.current().tables["orders"].rows == 80 and not list((workspace.folder / "waiting").iterdir())


@pytest.mark.parametrize("language", LANGUAGES)
def test_rates_that_are_kept_stand_in_the_table(opened, workspace, language):
    State.open(workspace.folder).set_rate("EUR", "SAR", Decimal("4.05"), source="bank", from_month="2025-03")
    app = to_settings(opened(language))
    assert not app.exception
    assert app.dataframe[0].value.iloc[0][["currency", "worth"]].tolist() == ["EUR", "4.05"]
    app.button(key="rates-save").click().run()
    assert not app.exception and [rate.worth for rate in State.open(workspace.folder).known_rates()] == [
        Decimal("4.05")
    ]


def test_the_first_file_is_loaded_into_a_folder_without_any_data(tmp_path, monkeypatch):
    (tmp_path / "new").mkdir()
    monkeypatch.setenv("CXROI_WORKSPACE", str(tmp_path / "new"))
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app.query_params["lang"] = "en"
    app.switch_page(page_path("upload")).run()
    load(drop(app, "company.csv", monthly()))
    assert not app.exception and not app.error
    version = Workspace.open(tmp_path / "new").current()
    assert (version.number, version.illustrative, version.tables["monthly"].rows) == (1, False, 24)


def killed_while_loading(workspace):
    """Let a process note that it loads what waits, and end without a word."""
    (folder,) = (workspace.folder / "waiting").iterdir()
    waiting = Waiting.open(workspace.folder, folder.name)
    process = os.fork()
    if process == 0:
        with waiting.being_loaded([file.id for file in waiting.files()]):
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_load_that_was_killed_is_told_to_whoever_comes_back_to_its_files(opened, workspace, language):
    app, text = drop(opened(language), "monthly.csv", monthly()), Text(language)
    told = text("page.upload.interrupted", files=plain("monthly.csv"))
    assert told not in said(app)
    killed_while_loading(workspace)
    assert told in said(app.run())
    load(app)
    assert told not in said(app) and text("page.upload.done", number=2) in said(app)


def test_a_load_that_was_killed_after_its_end_is_told_as_done(opened, workspace):
    app = drop(opened(), "monthly.csv", monthly())
    (folder,) = (workspace.folder / "waiting").iterdir()
    (file,) = Waiting.open(workspace.folder, folder.name).files()
    load_file(workspace, folder / file.id, file.name, IntakeRequest())
    killed_while_loading(workspace)
    assert EN("page.upload.interrupted_done", files=plain("monthly.csv"), number=2) in said(settled(app.run()))


def test_a_load_that_runs_is_not_taken_for_one_that_was_killed(opened, workspace, gate):
    app = drop(opened(), "monthly.csv", monthly())
    app.button(key="upload-load").click().run()
    (folder,) = (workspace.folder / "waiting").iterdir()
    assert (folder / "loading.json").exists() and Waiting.open(workspace.folder, folder.name).interrupted() == ()
    gate.set()
    assert not settled(app).exception and not (folder / "loading.json").exists()


def test_files_for_which_there_is_no_room_are_refused_in_words_and_the_page_goes_on(opened, workspace, monkeypatch):
    app = drop(opened(), "monthly.csv", monthly())
    monkeypatch.setattr("cxroi.store.files.waiting.MOST_OF_ONE", 1 << 10)
    app.file_uploader[0].upload("more.csv", monthly(), "text/csv").run()
    assert EN("store.waiting_full_on_page", most=0, there=1) in said(settled(app)).replace("\\", "")
    (folder,) = (workspace.folder / "waiting").iterdir()
    assert len(Waiting.open(workspace.folder, folder.name).files()) == 1
    assert any(button.key == "upload-load" for button in app.button)


def test_a_damaged_list_of_waiting_files_is_told_and_the_page_begins_anew(opened, workspace):
    drop(opened(), "monthly.csv", monthly())
    (folder,) = (workspace.folder / "waiting").iterdir()
    (folder / "list.json").write_text("[7]")
    again = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    again.query_params |= {"lang": "en", "files": folder.name}
    again.switch_page(page_path("upload")).run()
    assert EN("store.waiting_damaged") in said(again) and not again.exception
    assert "files" not in again.query_params and again.file_uploader


def test_what_was_put_on_the_disk_is_let_go_from_memory(opened, monkeypatch):
    held = {}
    monkeypatch.setattr(MemoryUploadedFileManager, "__init__", lambda self, endpoint: _manager(self, endpoint, held))
    drop(opened(), "monthly.csv", monthly())
    assert held and not any(any(of.values()) for of in held.values())


def _manager(self, endpoint, held, make=MemoryUploadedFileManager.__init__):
    make(self, endpoint)
    held[id(self)] = self.file_storage


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_that_the_file_lacks_is_asked_for_in_a_box(opened, language):
    text, app = Text(language), opened(language)
    drop(app, "tb.csv", b"account,amount\n6100,5\n6110,6\n")
    table = next(box for box in app.selectbox if (box.key or "").startswith("table-"))
    settled(table.set_value("costs").run())
    assert text("page.upload.lacking", column=text("page.upload.target.period")) in said(app)
    (box,) = [box for box in app.text_input if (box.key or "").endswith("-period")]
    settled(box.set_value("2025-03").run())
    assert text("page.upload.counts", read=2, loaded=2, rejected=0, skipped=0) in said(app)
    (box,) = [box for box in app.text_input if (box.key or "").endswith("-period")]
    assert box.value == "2025-03"
    settled(box.set_value("").run())
    assert text("page.upload.counts", read=2, loaded=2, rejected=0, skipped=0) not in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_sheet_can_be_chosen(opened, language):
    def hide(book, _):
        book.get_worksheet_by_name("Data").hide()

    ledger = [["Period", "Amount"], ["2025-01", 5], ["2025-02", 6]]
    text, app = Text(language), opened(language)
    drop(app, "book.xlsx", xlsx({"Dashboard": [["CX dashboard"]], "Data": ledger}, hide))
    assert "Data" in said(app) and text("page.upload.counts", read=2, loaded=2, rejected=0, skipped=0) not in said(app)
    (sheets,) = [box for box in app.multiselect if (box.key or "").startswith("sheet-")]
    assert sheets.options == ["Dashboard", text("page.upload.hidden_sheet", sheet="Data")]
    settled(sheets.set_value(["Data"]).run())
    assert text("page.upload.counts", read=2, loaded=2, rejected=0, skipped=0) in said(app)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_the_data_do_not_tell_of_their_money_is_asked_for_and_shown_as_missing_until_it_is_given(
    opened, workspace, tmp_path, language
):
    text = Text(language)
    head = HEAD.replace("contribution_margin,", "")
    rows = [f"{month},all,5000,100,100,600000,{20_000 + 900 * (place % 5)}" for place, month in enumerate(MONTHS)]
    (tmp_path / "months.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    assert load_file(workspace, tmp_path / "months.csv", "months.csv", IntakeRequest())[1]
    app = opened(language)

    def missing():
        told = text("page.upload.money.no_margin")
        return any(told in element.value for element in app.markdown)

    assert missing()
    assert app.switch_page(page_path("overview")).run() and missing()
    app.switch_page(page_path("upload")).run()
    app.text_input(key="money-margin-ask").set_value("abc")
    app.button(key="money-save-ask").click().run()
    assert missing() and text("store.money_said_invalid") in [warning.value for warning in app.warning]
    app.selectbox(key="money-currency-ask").set_value("SAR")
    app.text_input(key="money-margin-ask").set_value("٦٠٪")
    app.button(key="money-save-ask").click().run()
    assert not app.exception and not missing()
    kept = State.open(workspace.folder).money_said()
    assert (kept.currency, kept.margin_rate) == ("SAR", 0.6)
    assert app.switch_page(page_path("overview")).run() and not missing()


BOOKS = "\n".join(
    [
        "period,account,amount,currency",
        *(f"{m[:7]},{a},{100 + n},SAR" for m in MONTHS for n, a in enumerate(("Customer care", "Rent"))),
    ]
)


def ticks(app):
    return {box.key: box for box in app.checkbox if box.key.startswith("cx-")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_which_lines_are_cx_is_asked_with_what_looks_like_it_ticked_kept_and_asked_of_new_accounts_alone(
    opened, workspace, language
):
    text = Text(language)
    app = drop(opened(language), "books.csv", BOOKS.encode())
    assert "upload-load" not in [button.key for button in app.button]
    assert [box.value for box in ticks(app).values()] == [False, True]  # the larger first: Rent, Customer care
    assert plain(text("cx_lines.looks", word="customer care")) in "".join(box.label for box in app.checkbox)
    keep = next(button for button in app.button if button.label == text("cx_lines.keep"))
    app = settled(keep.click().run())
    names = text("understood.names.account", count=2)
    assert plain(text("understood.counted", names=names, cx=1)).strip("\u2068\u2069") in said(app)
    app = load(app)
    assert not app.exception and workspace.current().tables["costs"].rows == 48
    later = BOOKS.replace(",100,", ",101,") + "\n2026-01,Parking,5,SAR"
    app = drop(app, "books2.csv", later.encode())
    assert [text.name("Parking") in box.label for box in ticks(app).values()] == [True]


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_answer_on_the_settings_tab_counts_the_ledger_in_use_anew(opened, workspace, language):
    text = Text(language)
    app = drop(opened(language), "books.csv", BOOKS.encode())
    app = load(settled(next(b for b in app.button if b.label == text("cx_lines.all")).click().run()))
    app = to_settings(app)
    (rent,) = [box for box in ticks(app).values() if "Rent" in box.label]
    assert rent.value
    rent.set_value(False)
    app = next(b for b in app.button if b.label == text("cx_lines.keep")).click().run()
    assert not app.exception and workspace.current().number == 3
    assert State.open(workspace.folder).audit()[-1].what == "ledger recounted"
    assert (("account", "=Rent", "not_cx")) in State.open(workspace.folder).ledger_rules()


def test_a_margin_that_nobody_knows_is_asked_for_once_and_said_to_be_unknown(opened, workspace):
    head = HEAD.replace("contribution_margin,", "")
    rows = [f"{month},all,5000,100,100,600000,{20_000 + 900 * (place % 5)}" for place, month in enumerate(MONTHS)]
    app = load(drop(opened(), "months.csv", "\n".join([head, *rows]).encode()))
    app.checkbox(key="money-unknown-ask").set_value(True)
    app.selectbox(key="money-currency-ask").set_value("SAR")
    app.button(key="money-save-ask").click().run()
    assert not app.exception and not any((box.key or "") == "money-unknown-ask" for box in app.checkbox)
    kept = State.open(workspace.folder).money_said()
    assert (kept.currency, kept.margin_rate, kept.margin_unknown) == ("SAR", None, True)
    assert "store.note.margin_unknown" in {note.id for note in gather(workspace.folder).notes}


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_of_two_tables_side_by_side_is_chosen_by_a_button(opened, language):
    head = "Period,Initiative,Amount,Month,Project,Cost\n"
    lines = "".join(f"2025-{m:02d},A,10.5,2025-{m:02d},B,20.25\n" for m in range(1, 13))
    app = drop(opened(language), "two.csv", (head + lines).encode())
    assert "upload-load" not in {button.key for button in app.button}
    (other,) = [button for button in app.button if button.key.startswith("beside-other")]
    app = settled(other.click().run())
    every = next(button for button in app.button if button.label == Text(language)("cx_lines.all"))
    app = settled(every.click().run())
    assert "243\\.00" in said(app) and "upload-load" in {button.key for button in app.button}
