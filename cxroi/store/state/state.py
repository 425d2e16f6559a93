"""The small state beside the data: mappings, scenarios, connections, ledger rules, rates, how shared costs are divided, the audit trail.

One file per workspace. No personal data is kept here.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from cxroi.errors import StoreError
from cxroi.model.company.sharing import BY_CUSTOMERS, RULES, Sharing
from cxroi.money.exchange import RateTable
from cxroi.store.files.state_copy import STATE_FILE
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.state.audit import AuditState
from cxroi.store.state.connections import ConnectionState
from cxroi.store.state.records import KINDS, RATE_MONTH, KeptMapping, KeptTarget, Rate
from cxroi.store.state.scenarios import ScenarioState
from cxroi.store.state.state_file import now
from cxroi.store.versions.version import Version
from cxroi.tables import header_fingerprint

_UNKNOWN = "unknown"  # in the place of a margin: asked, and nobody knows it


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What figures rest on beside the data: rates, how shared costs are divided, what is counted in support cost too, and the money."""

    rates: tuple[Rate, ...]
    sharing: Sharing
    spend_in_support: SpendInSupport
    money_said: MoneySaid


def rate_table(known: Iterable[Rate], reporting: str) -> RateTable:
    """Return what one unit of each currency is worth in `reporting`, from month to month, by the rates that were given."""
    steps: dict[str, list[tuple[str, Decimal]]] = {}
    for rate in known:
        if rate.reporting == reporting.upper():
            steps.setdefault(rate.currency, []).append((rate.from_month, rate.worth))
    return RateTable(steps=steps)


def spend_in_support_of(version: Version) -> SpendInSupport:
    """Return what was said of CX spend of `version` that is in support cost too."""
    return state_in_force(version)[0].spend_in_support()


def state_in_force(version: Version) -> tuple[State, StoreError | None]:
    """Return the state on which figures of `version` rest, and what is wrong with the workspace's own, if anything is.

    Where that is lost or cannot be read, it is the copy inside the version; where there is none either, an empty one.
    """
    folder, copy = version.folder.parents[1], State(path=version.folder / STATE_FILE)
    try:
        if not (folder / STATE_FILE).exists() and copy.path.exists():
            raise StoreError("store.state_lost")
        return State.open(folder), None
    except StoreError as error:
        try:
            with copy.reading():
                return copy, error
        except StoreError:
            return State(path=version.folder / f".no-{STATE_FILE}"), error


@dataclass(frozen=True, kw_only=True)
class State(AuditState, ScenarioState, ConnectionState):
    """The state of one workspace."""

    def remember_mapping(self, headings: Sequence[str], table: str, mapping: Mapping[str, str]) -> None:
        """Keep which heading of a file went to which column of `table`, for the next file with the same header."""
        with self.connection() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO mapping VALUES (?, ?, ?, ?)",
                (header_fingerprint(headings), table, json.dumps(dict(mapping), ensure_ascii=False), now()),
            )

    def remembered_mapping(self, headings: Sequence[str]) -> tuple[str, dict[str, str]] | None:
        """Return the table and the mapping (column to heading) kept for this header, if any."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT target_table, pairs FROM mapping WHERE fingerprint = ?", (header_fingerprint(headings),)
            ).fetchone()
        return (row[0], json.loads(row[1])) if row else None

    def mappings(self) -> tuple[KeptMapping, ...]:
        """Return every kept mapping, the newest first."""
        with self.reading() as connection:
            rows = connection.execute("SELECT * FROM mapping ORDER BY saved_at DESC, fingerprint").fetchall()
        return tuple(
            KeptMapping(fingerprint=f, table=t, columns=json.loads(pairs), saved_at=datetime.fromisoformat(at))
            for f, t, pairs, at in rows
        )

    def remembered_columns(self) -> tuple[tuple[str, str, str, str], ...]:
        """Return every kept mapping, a line a column: fingerprint of the header, table, column, heading ("": left out)."""
        return tuple((m.fingerprint, m.table, column, h) for m in self.mappings() for column, h in m.columns.items())

    def forget_mappings(self, fingerprint: str | None = None) -> None:
        """Forget the mapping of one header, or of all."""
        with self.connection() as connection:
            connection.execute("DELETE FROM mapping WHERE fingerprint = ? OR ? IS NULL", (fingerprint, fingerprint))

    def set_ledger_rules(self, rules: Sequence[tuple[str, str, str]]) -> None:
        """Keep the rules (column, contains, decision) that choose the CX lines of a ledger; the first match decides."""
        with self.connection() as connection:
            connection.execute("DELETE FROM ledger_rule")
            connection.executemany(
                "INSERT INTO ledger_rule VALUES (?, ?, ?, ?)", [(n, *rule) for n, rule in enumerate(rules)]
            )

    def ledger_rules(self) -> tuple[tuple[str, str, str], ...]:
        """Return the rules that choose the CX lines of a ledger, in order."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT source_column, contains, decision FROM ledger_rule ORDER BY position"
            ).fetchall()
        return tuple((row[0], row[1], row[2]) for row in rows)

    def set_rate(
        self, currency: str, reporting: str, worth: Decimal, *, source: str, from_month: str = "", kind: str = ""
    ) -> None:
        """Keep what one unit of `currency` is worth in `reporting` (from a month on), and where that number comes from."""
        if (
            not worth.is_finite()
            or worth <= 0
            or not source
            or not RATE_MONTH.fullmatch(from_month)
            or kind not in KINDS
        ):
            raise StoreError("store.rate_invalid", currency=currency, worth=str(worth))
        with self.connection() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO dated_rate VALUES (?, ?, ?, ?, ?, ?, ?)",
                (currency.upper(), reporting.upper(), from_month, str(worth), kind, source, now()),
            )

    def forget_rate(self, currency: str, reporting: str, from_month: str | None = None) -> int:
        """Forget the rate of one month, or every rate of a currency, and return how many there were."""
        with self.connection() as connection:
            gone = connection.execute(
                "DELETE FROM dated_rate WHERE currency = ? AND reporting = ? AND (from_month = ? OR ? IS NULL)",
                (currency.upper(), reporting.upper(), from_month, from_month),
            )
            return gone.rowcount

    def known_rates(self) -> tuple[Rate, ...]:
        """Return every rate that was given, by currency and month."""
        return self.settings().rates

    def set_target(self, segment: str, measure: str, month: str, value: float) -> None:
        """Keep what a measure should reach in a month, in place of what was kept for it before."""
        if not math.isfinite(value) or not month or not RATE_MONTH.fullmatch(month):
            raise StoreError("targets.wrong_value", value=str(value))
        with self.connection() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO target VALUES (?, ?, ?, ?, ?)", (segment, measure, month, repr(value), now())
            )

    def forget_target(self, segment: str, measure: str, month: str) -> None:
        """Forget the target of one month."""
        with self.connection() as connection:
            connection.execute(
                "DELETE FROM target WHERE segment = ? AND measure = ? AND month = ?", (segment, measure, month)
            )

    def targets(self) -> tuple[KeptTarget, ...]:
        """Return every target, by segment, measure and month."""
        with self.reading() as connection:
            rows = connection.execute("SELECT * FROM target ORDER BY segment, measure, month").fetchall()
        return tuple(
            KeptTarget(
                segment=segment, measure=measure, month=month, value=float(value), saved_at=datetime.fromisoformat(at)
            )
            for segment, measure, month, value, at in rows
        )

    def share_out(self, rule: str) -> None:
        """Keep how the shared lines of a ledger are divided."""
        if rule not in RULES:
            raise StoreError("store.shares_rule", rule=rule)
        with self.connection() as connection:
            connection.execute("INSERT OR REPLACE INTO shared_cost_rule VALUES (1, ?)", (rule,))

    def set_shares(self, initiative: str, shares: Mapping[str, float]) -> None:
        """Keep the shares of one initiative's lines (EVERY_LINE: of every other), in place of those before; none: forget."""
        if any(not math.isfinite(share) or share < 0 for share in shares.values()) or (
            shares and not sum(shares.values())
        ):
            raise StoreError("store.shares_invalid")
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM shared_cost WHERE initiative = ?", (initiative.strip(),))
            connection.executemany(
                "INSERT INTO shared_cost VALUES (?, ?, ?)",
                [(initiative.strip(), segment.strip(), repr(share)) for segment, share in shares.items()],
            )

    def allocation(self) -> Sharing:
        """Return how the shared lines of a ledger are divided."""
        return self.settings().sharing

    def keep_spend_in_support(self, said: SpendInSupport) -> None:
        """Keep what a person says of CX spend that is in support cost too; an empty answer asks again."""
        values = (said.answer, repr(said.share), repr(said.amount_a_month))
        with self.connection() as connection:
            connection.execute("INSERT OR REPLACE INTO spend_in_support VALUES (1, ?, ?, ?)", values)

    def spend_in_support(self) -> SpendInSupport:
        """Return what was said of CX spend that is in support cost too."""
        return self.settings().spend_in_support

    def keep_money_said(self, said: MoneySaid) -> None:
        """Keep what a person says of the currency and the margin of data that do not tell them."""
        margin = "" if said.margin_rate is None else repr(said.margin_rate)
        values = (said.currency, _UNKNOWN if said.margin_unknown else margin)
        with self.connection() as connection:
            connection.execute("INSERT OR REPLACE INTO money_said VALUES (1, ?, ?)", values)

    def money_said(self) -> MoneySaid:
        """Return what was said of the currency and the margin."""
        return self.settings().money_said

    def settings(self) -> Settings:
        """Return all that figures rest on beside the data, as it stood at one moment."""
        with self.reading() as connection:
            connection.execute("BEGIN")
            return Settings(
                rates=_rates(connection),
                sharing=_sharing(connection),
                spend_in_support=_spend_in_support(connection),
                money_said=_money_said(connection),
            )

    def ensure_writable(self) -> None:
        """Raise StoreError where a line could not be written now."""
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")


def _rates(connection: sqlite3.Connection) -> tuple[Rate, ...]:
    rows = connection.execute("SELECT * FROM dated_rate ORDER BY reporting, currency, from_month").fetchall()
    return tuple(
        Rate(
            currency=currency,
            reporting=reporting,
            worth=Decimal(worth),
            source=source,
            saved_at=datetime.fromisoformat(at),
            from_month=month,
            kind=kind,
        )
        for currency, reporting, month, worth, kind, source, at in rows
    )


def _sharing(connection: sqlite3.Connection) -> Sharing:
    rule = connection.execute("SELECT rule FROM shared_cost_rule").fetchone()
    shares: dict[str, dict[str, float]] = {}
    for initiative, segment, share in connection.execute("SELECT * FROM shared_cost ORDER BY initiative, segment"):
        shares.setdefault(initiative, {})[segment] = float(share)
    return Sharing(rule=rule[0] if rule else BY_CUSTOMERS, shares=shares)


def _spend_in_support(connection: sqlite3.Connection) -> SpendInSupport:
    row = connection.execute("SELECT answer, share, amount_a_month FROM spend_in_support").fetchone()
    return SpendInSupport(answer=row[0], share=float(row[1]), amount_a_month=float(row[2])) if row else SpendInSupport()


def _money_said(connection: sqlite3.Connection) -> MoneySaid:
    row = connection.execute("SELECT currency, margin_rate FROM money_said").fetchone()
    if row is None:
        return MoneySaid()
    unknown = row[1] == _UNKNOWN
    return MoneySaid(
        currency=row[0], margin_rate=float(row[1]) if row[1] and not unknown else None, margin_unknown=unknown
    )
