"""What a file says of its currencies, and what its unclear words mean: by the rule in `cxroi.money.currencies`, or asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from cxroi.errors import UploadError
from cxroi.intake.columns.conventions import Readings
from cxroi.intake.columns.recognise import Match
from cxroi.intake.report import Finding, IntakeRequest, Severity
from cxroi.intake.source_table import SourceTable
from cxroi.money.currencies import Word, is_code, meaning, word_of
from cxroi.money.written import word_in
from cxroi.tables import TABLES, Kind

if TYPE_CHECKING:
    from cxroi.intake.settle.plan import Plan

_CHOICES = 6  # that a question names; the others can be chosen too


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a file says of its currencies: each column of money by its heading and cells, and each row by a column of its own."""

    headings: Mapping[str, Word]  # by column of ours; for a column without one, what stands above the table
    cells: Mapping[str, Mapping[str, Word]]  # by column of ours, then as written: the words beside its amounts
    column: Mapping[str, Word]  # as written in the column of currencies
    bare: tuple[str, ...] = ()  # columns of ours in which some amounts have no word

    def words(self) -> list[tuple[str, Word]]:
        """Return every word with the column of ours that it belongs to, "currency" for the column of currencies."""
        cells = [(target, word) for target, words in self.cells.items() for word in words.values()]
        return [*self.headings.items(), *cells, *(("currency", word) for word in self.column.values())]


def money_columns(found: Match) -> dict[str, int]:
    """Return the columns of ours that hold money, with their place in the file."""
    return {t: i for t, i in found.mapping.items() if TABLES[found.table].column(t).kind is Kind.MONEY}


def headed(found: Match, source: SourceTable) -> dict[str, Word]:
    """Return the word for a currency in the heading of each money column, else that above the table, where there is one."""
    above = word_of(source.currency_hint) if source.currency_hint else None
    words = {target: word_in(source.headings[i]) or above for target, i in money_columns(found).items()}
    return {target: word for target, word in words.items() if word is not None}


def said_by(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    plan: Plan,
    weighed: Mapping[int, Readings],
    source: SourceTable,
) -> Said:
    """Return what the headings, the amounts and a column of currencies say."""
    money = money_columns(plan.match)
    cells = {t: {mark: word_of(mark) or Word(mark, ()) for mark in weighed[i].marks if mark} for t, i in money.items()}
    bare = tuple(t for t, i in money.items() if "" in weighed[i].marks or i in source.mixed_numbers)
    headings = {
        target: word
        for target, word in headed(plan.match, source).items()
        if target in bare or word_in(source.headings[money[target]])
    }
    column, query = plan.match.mapping.get("currency"), "SELECT DISTINCT {0} FROM {1} WHERE NOT is_blank(c{2})"
    rows = [] if column is None else connection.execute(query.format(stated(column), relation, column)).fetchall()
    own = {str(row[0]): word_of(row[0]) or Word(row[0], ()) for row in rows if row[0]}
    return Said(headings=headings, cells=cells, column=own, bare=bare)


def stated(index: int) -> str:
    """Return SQL for what a column of currencies says in a row."""
    return f"upper(plain_text(c{index}))"


def cleared(said: Said, plan: Plan, source: SourceTable, request: IntakeRequest) -> tuple[Said, list[Finding]]:
    """Return what a file says with every word turned into one that is clear, and the notes on how, or the questions that are left."""
    answers, earlier = _answers(request.currency_words), _agreed(request.kept_words)
    held = {code for _, code in request.held_currencies}
    sure = {word.code for _, word in said.words() if word.code}
    findings: dict[tuple[str, ...], Finding] = {}

    def clear(target: str, word: Word) -> Word:
        if word.code:
            return word
        heading = said.headings.get(target)
        code = meaning(
            word,
            answers=answers,
            told=told(request),
            heading=heading.code if heading else None,
            file={code for code in sure if code},
            company={earlier[word.key]} if word.key in earlier else held,
        )
        facts = {"word": word.written[:60], "column": source.headings[plan.match.mapping[target]][:60]}
        if code is None:
            choices = sorted(word.codes, key=lambda one: one not in held)  # the company's own first
            facts["choices"] = ", ".join((choices or sorted(held))[:_CHOICES])
            id = "finding.currency_unclear" if word.codes else "finding.currency_unknown"
            asked = Finding(id=id, severity=Severity.QUESTION, facts=facts)
            findings.setdefault(("?", *word.key), asked)
            return word
        note = Finding(id="finding.currency_read", severity=Severity.NOTE, facts={**facts, "currency": code})
        findings.setdefault((code, *word.key), note)
        return Word(word.written, (code,))

    clear_now = Said(
        headings={target: clear(target, word) for target, word in said.headings.items()},
        cells={target: {mark: clear(target, w) for mark, w in words.items()} for target, words in said.cells.items()},
        column={mark: clear("currency", word) for mark, word in said.column.items()},
        bare=said.bare,
    )
    return clear_now, list(findings.values())


def _answers(given: tuple[tuple[str, str], ...]) -> dict[tuple[str, ...], str]:
    """Return what words were said to mean, by their key."""
    return {(word_of(word) or Word(word.strip(), ())).key: _code(code) for word, code in given}


def _agreed(kept: tuple[tuple[str, str], ...]) -> dict[tuple[str, ...], str]:
    """Return what words meant in earlier files, where these agree."""
    each = [_answers((pair,)) for pair in kept]
    return {
        key: code for one in each for key, code in one.items() if all(other.get(key, code) == code for other in each)
    }


def told(request: IntakeRequest) -> str | None:
    """Return the currency that the person gives for a file; UploadError where there is no such currency."""
    return _code(request.currency) if request.currency else None


def _code(text: str) -> str:
    word = word_of(text.strip())
    code = word.code if word and word.code else text.strip().upper()
    if not is_code(code):
        raise UploadError("upload.currency_unknown", currency=text)
    return code


def base_currency(table: str, named: frozenset[str], source: SourceTable, request: IntakeRequest) -> str | None:
    """Return the currency to count in: the person's, else that of the company's other tables, else the file's only one.

    `named` are the currencies that the file names. A ledger in one other currency keeps it, since the panel converts ledgers
    when it reads them.
    """
    if given := told(request):
        return given
    held = {currency for name, currency in request.held_currencies if name != table}
    if len(held) == 1 and named and (table != "costs" or len(named) > 1):
        return held.pop()
    above = word_of(source.currency_hint) if source.currency_hint else None
    if above and above.code in named:
        return above.code
    return next(iter(named)) if len(named) == 1 else None


def counted_in(source: SourceTable, request: IntakeRequest) -> str | None:
    """Return the currency of a file as far as it is known before a question is answered."""
    above = word_of(source.currency_hint) if source.currency_hint else None
    return above.code if above and above.code else told(request)
