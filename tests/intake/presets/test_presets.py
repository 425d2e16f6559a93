"""Presets of well-known exports: each is sound, no two claim the same file, and no file is taken for an export that it is not."""

import pytest

from cxroi.errors import UploadError
from cxroi.intake.presets.known import preset_for
from cxroi.intake.presets.preset import preset_of, presets_of, shipped_presets
from cxroi.intake.report import IntakeRequest
from cxroi.store.versions.workspace import Workspace
from cxroi.tables import TABLES
from tests.acting import load_file
from tests.intake.loading import load

SOUND = """
table = "contacts"
[name]
en = "Desk tickets"
ar = "تذاكر Desk"
[known_by]
all = [["Desk ref"]]
some = ["Came in", "Went out"]
fewest = 1
[columns]
contact_id = ["Desk ref"]
opened_on = ["Came in"]
closed_on = ["Went out"]
[[rows]]
column = ["State"]
only = ["Done"]
"""
DESK = "Desk ref,Came in,Went out,State\nA1,2025-01-03,2025-01-04,Done\nA2,2025-01-03,,Spam\nA3,2025-01-05,2025-01-05,done\n"


@pytest.fixture
def own(tmp_path):
    folder = tmp_path / "presets"
    folder.mkdir()
    (folder / "desk.toml").write_text(SOUND, encoding="utf-8")
    return str(folder)


@pytest.mark.parametrize(
    ("was", "becomes", "id"),
    [
        ('table = "contacts"', "table =", "toml"),
        ('table = "contacts"', 'table = "tickets"', "table"),
        ('table = "contacts"', 'table = "contacts"\ntabel = 1', "unknown"),
        ('ar = "تذاكر Desk"', "", "missing"),
        ('opened_on = ["Came in"]', "", "lacking"),
        ("closed_on =", "shut_on =", "column"),
        ('closed_on = ["Went out"]', 'closed_on = "Went out"', "shape"),
        ('only = ["Done"]', "", "shape"),
        ("fewest = 1", "fewest = 3", "known_by"),
        ("[columns]", "[answers]\nnps = ['x']\n[columns]", "answers"),
        ("[columns]", "[headings]\nrows = 9\n[columns]", "headings"),
    ],
)
def test_a_preset_that_cannot_be_meant_is_refused_with_what_is_wrong(was, becomes, id):
    assert was in SOUND
    with pytest.raises(UploadError) as error:
        preset_of("desk", SOUND.replace(was, becomes))
    assert error.value.id == f"upload.preset_wrong_{id}"
    assert error.value.facts["preset"] == "desk.toml"


def test_every_shipped_preset_is_sound_and_is_known_by_its_own_headings_only():
    presets = shipped_presets()
    assert len(presets) >= 2
    for preset in presets:
        headings = [group[0] for group in preset.all_of] + [h for h in preset.some_of if h not in preset.none_of]
        found = preset_for(list(dict.fromkeys(headings)), IntakeRequest(table=preset.table if preset.asked else None))
        assert found is not None and found.id == preset.id
        assert set(preset.columns) <= {column.name for column in TABLES[preset.table].columns}


def test_a_preset_in_the_folder_of_the_workspace_is_followed_and_can_be_declined(tmp_path, own):
    told = load(tmp_path, DESK, presets_in=own)
    assert told.report.preset == {"id": "desk", "en": "Desk tickets", "ar": "تذاكر Desk"}
    assert [row[0] for row in told.rows("contact_id")] == ["A1", "A3"]
    assert told.report.rows_skipped == 1
    (note,) = [f for f in told.report.findings if f.id == "finding.preset.rows_left_out"]
    assert note.facts == {"count": "1", "column": "State", "values": "Spam (1)"}


def test_none_reads_the_file_as_if_there_were_no_preset(tmp_path, own):
    told = load(tmp_path, DESK, presets_in=own, preset="none").report
    assert told.preset == {"id": "none"}
    assert told.message == "upload.not_recognised"


def test_a_preset_that_was_declined_is_not_followed_next_time_and_can_be_taken_again(tmp_path, own, files_read_here):
    workspace, file = Workspace.open(tmp_path), tmp_path / "desk.csv"

    def loaded(rows, **said):
        file.write_text(f"Desk ref,Came in,Went out,State\n{rows}")
        (report,), _ = load_file(workspace, file, file.name, IntakeRequest(**said))
        return report

    assert loaded("A1,2025-01-03,2025-01-04,Spam\nA2,2025-01-03,,Done\n").preset["id"] == "desk"
    meant = {"contact_id": "Desk ref", "opened_on": "Came in"}
    declined = loaded("B1,2025-01-03,,Spam\n", preset="none", table="contacts", mapping=tuple(meant.items()))
    assert (declined.preset, declined.rows_loaded) == ({"id": "none"}, 1)
    again = loaded("C1,2025-01-03,,Spam\nC2,2025-01-03,,Done\n")
    assert (again.preset, again.rows_loaded, again.rows_skipped) == ({"id": "none"}, 2, 0)
    assert loaded("D1,2025-01-03,,Spam\nD2,2025-01-03,,Done\n", preset="desk").rows_loaded == 1
    assert loaded("E1,2025-01-03,,Spam\nE2,2025-01-04,,Done\n").preset["id"] == "desk"
    (tmp_path / "presets" / "desk.toml").unlink()
    assert not loaded("F1,2025-01-03,,Spam\n").preset


def test_what_a_person_maps_comes_before_the_preset(tmp_path, own):
    told = load(tmp_path, DESK, presets_in=own, mapping=(("topic", "State"), ("closed_on", "")))
    assert told.report.mapping == {"opened_on": "Came in", "contact_id": "Desk ref", "topic": "State"}
    assert told.report.rows_loaded == 2


def test_where_no_row_counts_the_file_is_refused_with_what_was_found(tmp_path, own):
    told = load(tmp_path, DESK.replace("Done", "Over").replace("done", "Over"), presets_in=own).report
    assert told.message == "upload.preset_no_rows"
    assert told.facts["found"] == "Over (2), Spam (1)"


def test_without_the_column_that_tells_every_row_counts_and_that_is_said(tmp_path, own):
    told = load(tmp_path, DESK.replace("State", "Remark"), presets_in=own)
    assert told.report.rows_loaded == 3
    assert "preset.rows_unknown" in told.findings


def test_a_preset_that_is_not_there_or_does_not_fit_is_refused_with_the_ones_that_are(tmp_path, own):
    with pytest.raises(UploadError) as error:
        preset_for(["a", "b"], IntakeRequest(preset="desks", presets_in=own))
    assert error.value.id == "upload.preset_unknown"
    with pytest.raises(UploadError) as error:
        preset_for(["Came in", "b"], IntakeRequest(preset="desk", presets_in=own))
    assert (error.value.id, error.value.facts["missing"]) == ("upload.preset_unfit", "Desk ref")


def test_one_of_the_workspace_with_the_name_of_a_shipped_one_stands_for_it(own, tmp_path):
    (tmp_path / "presets" / "zendesk_tickets.toml").write_text(SOUND, encoding="utf-8")
    (one,) = [preset for preset in presets_of(own) if preset.id == "zendesk_tickets"]
    assert one.name["en"] == "Desk tickets"


def test_several_questions_become_one_row_an_answer_and_a_bad_one_takes_no_other_with_it(tmp_path):
    head = "StartDate,EndDate,Status,RecordedDate,ResponseId,ExternalReference,Q1_NPS_GROUP,Q1,Q2_1,Q2_2,Q3\n"
    words = "Start Date,End Date,Response Type,Recorded Date,Response ID,Ref,How likely to recommend us? - Group,How likely to recommend us?,How satisfied were you? - Delivery,How satisfied were you? - Price,Why?\n"
    ids = '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}",s,r,i,e,g,q1,q2,q3,q4\n'
    rows = [
        "2025-01-03 10:00:00,2025-01-03 10:05:00,IP Address,2025-01-03 10:05:01,R_1,C1,Promoter,9,5,4,good",
        "2025-01-04 10:00:00,2025-01-04 10:05:00,IP Address,2025-01-04 10:05:01,R_2,C2,,,3,x,slow",
        "2025-01-04 10:00:00,2025-01-04 10:05:00,IP Address,2025-01-04 10:05:01,R_3,C3,,,,,",
        "2025-01-05 10:00:00,2025-01-05 10:05:00,Survey Preview,2025-01-05 10:05:01,R_4,C4,Promoter,10,5,5,test",
    ]
    told = load(tmp_path, head + words + ids + "\n".join(rows) + "\n", rejects_allowed_rate=1.0)
    assert told.report.preset["id"] == "qualtrics_responses"
    assert told.rows("customer_id, metric, score, touchpoint, comment") == [
        ("C1", "csat", 4.0, "Price", None),
        ("C1", "csat", 5.0, "Delivery", None),
        ("C1", "nps", 9.0, None, "good"),
        ("C2", "csat", 3.0, "Delivery", "slow"),
    ]
    assert told.reasons == [(5, "unreadable_number")]
    assert told.report.rows_skipped == 2


def test_what_a_person_mapped_for_an_earlier_file_with_these_headings_comes_before_the_preset(
    tmp_path, files_read_here
):
    workspace, path = Workspace.open(tmp_path / "workspace"), tmp_path / "a.csv"
    own = workspace.folder / "presets"
    own.mkdir(parents=True)
    (own / "desk.toml").write_text(SOUND, encoding="utf-8")
    path.write_text(DESK, encoding="utf-8")
    load_file(workspace, path, "a.csv", IntakeRequest(mapping=(("closed_on", ""), ("topic", "State"))))
    path.write_text(DESK.replace("A1", "B1").replace("A3", "B3"), encoding="utf-8")
    (report,), _ = load_file(workspace, path, "b.csv", IntakeRequest())
    assert report.mapping == {"opened_on": "Came in", "contact_id": "Desk ref", "topic": "State"}
    assert report.preset["id"] == "desk"
    assert report.rows_loaded == 2


def test_only_the_number_of_an_answer_is_read_where_its_group_stands_beside_it(tmp_path):
    question = "How likely is it that you would recommend us?"
    rows = [
        f"Respondent ID,Collector ID,Start Date,Custom Data 1,{question},",
        ",,,,Response,Score",
        "1,9,2024-01-15,C1,Promoter,9",
        "2,9,2024-01-16,C2,Detractor,3",
    ]
    told = load(tmp_path, "\n".join(rows) + "\n")
    assert told.rows("customer_id, score, touchpoint") == [("C1", 9.0, None), ("C2", 3.0, None)]
