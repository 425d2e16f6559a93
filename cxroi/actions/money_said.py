"""What a person says of the currency and the margin of data that do not tell them."""

from __future__ import annotations

from typing import Any

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.store.panel.money_said import MoneySaid
from cxroi.store.versions.workspace import Workspace


@needs(FINANCE)
def say_money(workspace: Workspace, said: MoneySaid, *, who: Person) -> None:
    """Keep what was said; an empty value takes it back."""
    trail = Trail.open(workspace, who)
    if said != trail.state.money_said():
        trail.state.keep_money_said(said)
        unknown: dict[str, Any] = {"margin_unknown": True} if said.margin_unknown else {}
        trail.write("money_said", currency=said.currency, margin_rate=said.margin_rate, **unknown)
