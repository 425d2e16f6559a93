"""What a person says of customer experience spend that is booked in support cost too."""

from __future__ import annotations

from cxroi.access.roles import FINANCE
from cxroi.actions.person import Person, needs
from cxroi.actions.trail import Trail
from cxroi.store.panel.spend_in_support import SpendInSupport
from cxroi.store.versions.workspace import Workspace


@needs(FINANCE)
def say_in_support(workspace: Workspace, said: SpendInSupport, *, who: Person) -> None:
    """Keep what was said; an empty answer takes it back, and the question is asked again."""
    trail = Trail.open(workspace, who)
    if said != trail.state.spend_in_support():
        trail.state.keep_spend_in_support(said)
        trail.write("spend_in_support", answer=said.answer, share=said.share, amount_a_month=said.amount_a_month)
