"""The command about method: how what a page shows is computed."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from cxroi.cli.arguments import wrong_use
from cxroi.cli.layout import answer, opened, workspace_of
from cxroi.errors import CxroiError
from cxroi.export.json.method import computed_json
from cxroi.model.scenario import Scenario
from cxroi.questions import case_of
from cxroi.store.state.state import State
from cxroi.text import Text
from cxroi.view.share.computed import COMPUTED, computed_view, computed_words
from cxroi.view.share.method import InUse, in_use_of, register_in_use


def method(choices: Namespace, text: Text) -> int:
    """Say which formulas, assumptions and queries stand behind what a page shows; without a name, which names there are."""
    name = choices.method_name
    if name is None:
        answer(choices, {"names": list(COMPUTED)}, list(COMPUTED))
        return 0
    if name not in COMPUTED:
        wrong_use("method", given=name, known=", ".join(COMPUTED))
    view = computed_view(name, partial(in_use, choices), text)
    answer(choices, {"names": [name], **computed_json(view)}, computed_words(view, text))
    return 0


def in_use(choices: Namespace) -> InUse:
    """Return the assumptions as the data in use have them, as the register has them where no case can be worked out."""
    workspace = workspace_of(choices)
    try:
        with opened(choices) as data:
            return in_use_of(case_of(data, Scenario()), State.open(workspace.folder).audit())
    except CxroiError:
        return register_in_use()
