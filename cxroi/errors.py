"""Every way this product says no: an id with facts, worded in both languages by `cxroi.text`.

CxroiError
├── UploadError      a file or a table that cannot be taken
├── ConnectError     a database or a published file that may not or cannot be read
├── AccessError      somebody who cannot be let in, or may not do this
├── StoreError       a workspace, version or query that cannot be had
├── PanelError       months of customers that do not add up or are not enough
├── ScenarioError    an assumption outside its range, or two that contradict each other
├── SettingError     a setting of the environment that cannot be meant (in `cxroi.environment`)
├── LinkError        an address that cannot be read as a scenario
├── ReportError      a report that cannot be written as it was asked for (in `cxroi.export.report`)
├── ModelError       an argument for which a formula has no answer
└── TextError        a sentence that is missing or lacks a fact
"""

from __future__ import annotations


class CxroiError(Exception):
    """The base of all: `id` names the sentence in the text catalogues, `facts` fill its gaps."""

    def __init__(self, id: str, /, **facts: object) -> None:
        super().__init__(id + ("" if not facts else " " + ", ".join(f"{k}={v!r}" for k, v in facts.items())))
        self.id = id
        self.facts = facts


class UploadError(CxroiError):
    """A file or a table that cannot be taken."""


class ConnectError(CxroiError):
    """A database or a published file that may not or cannot be read. No fact of it holds a credential."""


class AccessError(CxroiError):
    """Somebody who cannot be let in, or may not do this. No fact of it holds a password."""


class StoreError(CxroiError):
    """A workspace, version or query that cannot be had."""


class PanelError(CxroiError):
    """Months of customers that do not add up, or are not enough."""


class ScenarioError(CxroiError):
    """An assumption outside its range, or two that contradict each other."""


class LinkError(CxroiError):
    """An address that cannot be read as a scenario."""


class ModelError(CxroiError, ValueError):
    """An argument for which a formula has no answer."""


class TextError(CxroiError, KeyError):
    """A sentence that is missing or lacks a fact."""
