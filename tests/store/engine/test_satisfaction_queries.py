"""What follows an answer, contacts and words of comments, counted as pandas counts them on random small data."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from cxroi.questions.slice import Slice
from cxroi.store.engine.engine import Engine
from cxroi.store.versions.workspace import Workspace
from tests.store.tables import parquet

ALL = {**Slice().days, **Slice().values}
AS_OF = date(2025, 6, 30)


@pytest.fixture
def engine_on(tmp_path):
    """Return a function that publishes rows by table and opens an engine on them."""

    def open_engine(**tables):
        workspace = Workspace.open(tmp_path / "w")
        staged = {n: parquet(workspace.quarantine() / f"{n}.parquet", n, rows) for n, rows in tables.items()}
        return Engine.on(workspace.publish(staged, sources={}))

    return open_engine


def day(month, of):
    return str(pd.Period(month, "M").to_timestamp().date() + pd.Timedelta(days=int(of)))[:10]


def made(seed):
    """Return a small company of two and a half years: customers who leave, answers of all of it, orders and contacts."""
    rng = np.random.default_rng(seed)
    months = [str(month) for month in pd.period_range("2023-01", "2025-06", freq="M")]
    customers, surveys, orders, contacts = [], [], [], []
    for n in range(120):
        start = int(rng.integers(0, 20))
        end = start + 1 + int(rng.integers(0, 14)) if rng.random() < 0.6 else None
        left = day(months[end], rng.integers(0, 28)) if end is not None and end < len(months) else None
        customers.append(
            {"customer_id": f"c{n}", "joined_on": day(months[start], 0), "left_on": left, "segment": "ab"[n % 2]}
        )
        for _ in range(int(rng.integers(0, 4))):
            at = day(months[int(rng.integers(start, len(months)))], rng.integers(0, 28))
            surveys.append(
                {
                    "customer_id": f"c{n}",
                    "answered_on": at,
                    "metric": "nps",
                    "score": str(rng.integers(0, 11)),
                    "scale_max": "10",
                    "touchpoint": "xy"[n % 2],
                }
            )
        for _ in range(int(rng.integers(0, 6))):
            at = day(months[int(rng.integers(start, len(months)))], rng.integers(0, 28))
            orders.append({"customer_id": f"c{n}", "ordered_on": at, "amount": str(rng.integers(1, 100))})
            contacts.append({"customer_id": f"c{n}", "opened_on": at, "cost": str(rng.integers(1, 20))})
    return {"customers": customers, "surveys": surveys, "orders": orders, "contacts": contacts}


def month_number(days):
    days = pd.to_datetime(days)
    return days.dt.year * 12 + days.dt.month


def followed_by_hand(tables, starts):
    """Return each start (customer_id, band, on) with months followed, whether it left, and what it paid and cost in them."""
    lives = pd.DataFrame(tables["customers"]).set_index("customer_id")
    frame = starts.copy()
    begin = month_number(frame["on"]) + 1
    left = month_number(lives.loc[frame["customer_id"], "left_on"]).to_numpy()
    seen = 2025 * 12 + 7 - begin.to_numpy()
    left_in = left - begin.to_numpy() + 1
    frame["left_out"] = np.where(left_in <= 0, "already_left", np.where(seen <= 0, "too_recent", ""))
    frame["followed"] = np.fmin(np.fmin(np.where(np.isnan(left_in), np.inf, left_in), seen), 12)
    frame["has_left"] = left_in <= np.minimum(seen, 12)
    for name, table, column, when in (
        ("spend", "orders", "amount", "ordered_on"),
        ("cost", "contacts", "cost", "opened_on"),
    ):
        events = pd.DataFrame(tables[table])
        events["month"] = month_number(events[when])
        events[column] = events[column].astype(float)
        frame[name] = [
            events.loc[
                (events["customer_id"] == who) & (events["month"] >= first) & (events["month"] < first + months), column
            ].sum()
            for who, first, months in zip(frame["customer_id"], begin, frame["followed"], strict=True)
        ]
    return frame


@pytest.mark.parametrize("seed", [1, 2])
def test_what_follows_the_first_answer_is_what_pandas_finds(engine_on, seed):
    tables = made(seed)
    found = engine_on(**tables).query("after_answers", **ALL, as_of=AS_OF, within_months=12)
    answers = pd.DataFrame(tables["surveys"]).sort_values("answered_on", kind="stable")
    answers["band"] = pd.cut(answers["score"].astype(int), [-1, 6, 8, 10], labels=["low", "middle", "high"]).astype(str)
    answers = answers.rename(columns={"answered_on": "on"})
    same_day = answers.groupby("customer_id")["on"].transform("min") == answers["on"]
    first = answers[same_day].sort_values("band").groupby("customer_id", as_index=False).first()
    bad = answers[answers["band"] == "low"].drop_duplicates(["customer_id", "on"]).sort_values("on")
    bad["band"] = (bad.groupby("customer_id").cumcount() + 1).astype(str)
    for metric, starts in (("nps", first), ("bad", bad[bad["band"].astype(int) <= 3])):
        hand = followed_by_hand(tables, starts[["customer_id", "band", "on"]])
        own = found[found["metric"] == metric].assign(left_out=lambda frame: frame["left_out"].fillna(""))
        for (band, why), rows in hand.groupby(["band", "left_out"]):
            told = own[(own["band"] == band) & (own["left_out"] == why)]
            assert told["customers"].sum() == len(rows)
            if why == "":
                assert (told["followed"] * told["customers"]).sum() == rows["followed"].sum()
                assert told.loc[told["has_left"], "customers"].sum() == rows["has_left"].sum()
                for name in ("spend", "cost"):
                    assert told[name].sum() == pytest.approx(rows[name].sum())
                    assert told[f"{name}_squared"].sum() == pytest.approx((rows[name] ** 2).sum())
    assert own["customers"].sum() == len(hand)


def test_silence_is_told_by_what_lies_before_the_month_drawn_so_that_leaving_early_makes_nobody_silent(engine_on):
    """Everybody answers in a month of their own and leaves at a steady rate: whoever is silent by then leaves like all others."""
    rng = np.random.default_rng(0)
    months = [str(month) for month in pd.period_range("2022-01", "2025-06", freq="M")]
    customers, surveys = [], []
    for n in range(2500):
        life = int(rng.geometric(0.05))
        left = day(months[life - 1], 14) if life <= len(months) else None
        customers.append({"customer_id": f"c{n}", "joined_on": "2021-12-15", "left_on": left, "segment": "a"})
        asked = int(rng.integers(0, len(months)))
        if asked < life - 1:
            surveys.append(
                {
                    "customer_id": f"c{n}",
                    "answered_on": day(months[asked], 3),
                    "metric": "nps",
                    "score": "9",
                    "scale_max": "10",
                }
            )
    found = engine_on(customers=customers, surveys=surveys).query("after_answers", **ALL, as_of=AS_OF, within_months=12)
    silent = found[(found["metric"] == "silent") & (found["band"] == "unasked") & found["left_out"].isna()]
    lost = silent.loc[silent["has_left"], "customers"].sum()
    rate = lost / (silent["followed"] * silent["customers"]).sum()
    assert silent["customers"].sum() > 200 and rate == pytest.approx(0.05, abs=0.009)


def test_a_period_and_a_touchpoint_choose_the_answers(engine_on):
    tables = made(3)
    engine = engine_on(**tables)
    of = Slice(first=date(2024, 1, 1), last=date(2024, 6, 1), segment="a", touchpoint="x")
    answers = pd.DataFrame(tables["surveys"])
    chosen = answers[(answers["touchpoint"] == "x") & answers["answered_on"].between("2024-01-01", "2024-06-30")]
    groups = engine.query("score_groups", **of.days, **of.values).set_index(["dimension", "value"])
    assert groups.loc[("all", ""), "answers"] == len(chosen)
    assert groups.loc[("all", ""), "high"] == (chosen["score"].astype(int) >= 9).sum()
    assert groups.loc[("all", ""), "low"] == (chosen["score"].astype(int) <= 6).sum()
    assert set(groups.loc["segment"].index) == {"a"}
    heard = engine.query("score_coverage", **of.days, **of.values).iloc[0]
    lives = pd.DataFrame(tables["customers"])
    there = lives[(lives["segment"] == "a") & (lives["joined_on"] <= "2024-06-30") & ~(lives["left_on"] < "2024-01-01")]
    assert (heard["customers"], heard["heard"]) == (len(there), chosen.merge(there)["customer_id"].nunique())


def test_contacts_are_counted_as_pandas_counts_them(engine_on):
    rng = np.random.default_rng(5)
    rows = [
        {
            "opened_on": "2025-01-01",
            "closed_on": str(date(2025, 1, 1 + int(rng.integers(0, 20)))) if n % 5 else None,
            "channel": ("Phone", "App", " ")[n % 3],
            "handle_minutes": str(rng.integers(1, 60)),
            "resolved_first_time": ("true", "false", None)[int(rng.integers(0, 3))],
            "topic": ("Late", "Bill ", None)[int(rng.integers(0, 3))],
            "cost": (None, "12.5", "80")[int(rng.integers(0, 3))],
        }
        for n in range(200)
    ]
    rows.append({"opened_on": "2025-01-10", "closed_on": "2025-01-02", "channel": "App"})
    engine = engine_on(contacts=rows)
    found = engine.query("contact_service", **ALL, z=1.645).set_index(["dimension", "value"])
    frame = pd.DataFrame(rows)
    days = (pd.to_datetime(frame["closed_on"]) - pd.to_datetime(frame["opened_on"])).dt.days
    for key, chosen in ((("all", ""), frame.index >= 0), (("channel", "App"), frame["channel"] == "App")):
        told, own = found.loc[key], days[chosen & (days >= 0)].sort_values()
        minutes = frame.loc[chosen, "handle_minutes"].astype(float)
        answered = frame.loc[chosen, "resolved_first_time"].dropna()
        assert (told["contacts"], told["closed"]) == (chosen.sum(), own.size)
        assert told["days_mid"] == own.median()
        spread = 1.645 * np.sqrt(own.size) / 2
        ranks = int(np.floor(own.size / 2 - spread)), int(np.ceil(1 + own.size / 2 + spread))
        assert (told["days_low"], told["days_high"]) == tuple(own.iloc[rank - 1] for rank in ranks)
        assert told["minutes"] == pytest.approx(minutes.mean()) and told["timed"] == minutes.count()
        assert told["minutes_error"] == pytest.approx(minutes.std() / np.sqrt(minutes.count()))
        assert (told["answered"], told["resolved"]) == (answered.size, (answered == "true").sum())
    assert set(found.loc["channel"].index) == {"App", "Phone"}
    assert set(found.loc["topic"].index) == {"Late", "Bill"}
    about, told = frame[frame["topic"] == "Late"], found.loc[("topic", "Late")]
    cost = about["cost"].dropna().astype(float)
    assert (told["contacts"], told["costed"]) == (len(about), len(cost))
    assert (told["cost"], told["cost_error"]) == pytest.approx((cost.mean(), cost.std() / np.sqrt(len(cost))))


def said(comment, score="2", customer="c"):
    return {
        "answered_on": "2025-03-09",
        "metric": "csat",
        "score": score,
        "scale_max": "5",
        "comment": comment,
        "customer_id": customer,
    }


def test_forms_of_an_arabic_word_and_accents_count_as_one_word(engine_on):
    forms = ["الخدمة سيئة", "والخِدْمَةُ سيئه", "بالخدمه", "للخدمة", "خدمة", "وخدمــة"]
    engine = engine_on(surveys=[said(form) for form in forms] + [said("Café late, LATE!"), said("cafe", "5")])
    found = engine.query("comment_words", **ALL, written_in=None, fewest=1, without="xx").set_index("word")
    assert found.loc["خدمه", "low"] == len(forms)
    assert (found.loc["cafe", "low"], found.loc["cafe", "high"], found.loc["late", "low"]) == (1, 1, 1)


def test_what_is_asked_to_be_left_out_is_and_pairs_are_counted_by_comment(engine_on):
    engine = engine_on(surveys=[said("late again late"), said("late"), said("again", "5", "d")])
    found = engine.query("comment_words", **ALL, written_in=None, fewest=1, without="again none").set_index("word")
    assert "again" not in found.index and found.loc["late", "low"] == 2 and found.loc["late", "customers_low"] == 1
    pairs = engine.query("comment_pairs", words="late again")
    assert pairs.values.tolist() == [["again", "late", 1]]
    quotes = engine.query("comment_quotes", **ALL, written_in=None, words="late again", happy=True)
    assert quotes.values.tolist() == [["again", "again"]]


def test_comments_are_of_the_language_that_the_answer_names_whatever_letters_they_are_in(engine_on):
    answers = [said("bahut late", customer=str(n)) | {"language": "ur"} for n in range(3)]
    answers += [said("very late", customer=str(n)) | {"language": "EN"} for n in range(2)]
    engine = engine_on(
        surveys=[*answers, said("late") | {"language": "en"}, said("late"), said(None) | {"language": "ar"}]
    )
    assert engine.query("comment_languages", fewest=1)["language"].tolist()[:1] in (["EN"], ["ur"], ["en"])
    assert sorted(engine.query("comment_languages", fewest=1)["comments"]) == [3, 3]
    words = {
        language: engine.query("comment_words", **ALL, written_in=language, fewest=1, without="xx").set_index("word")
        for language in (None, "en", "ur")
    }
    assert [words[one].loc["late", "low"] for one in (None, "en", "ur")] == [7, 3, 3]
    assert "bahut" not in words["en"].index and "bahut" in words["ur"].index
    quotes = engine.query("comment_quotes", **ALL, written_in="en", words="late bahut", happy=False)
    assert quotes["word"].tolist() == ["late"]
