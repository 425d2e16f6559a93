"""The browser's part of the panel: a script of our own that Streamlit serves as a file, as our Content-Security-Policy asks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from cxroi.shipped import shipped

if TYPE_CHECKING:
    from streamlit.components.v2.component_manager import BidiComponentManager

_PACKAGE, _NAME, _FOLDER, _SCRIPT = "cxroi", "what_if", "panel", "what_if.js"


def component() -> Any:
    """Return what mounts the panel."""
    return _told_once(get_bidi_component_manager())


@lru_cache(maxsize=1)
def _told_once(manager: BidiComponentManager) -> Any:
    """Return what mounts the panel in a runtime, which has to be told of its folder first."""
    if manager.get_component_asset_root(f"{_PACKAGE}.{_NAME}") is None:
        config = ComponentConfig(name=_NAME, asset_dir=_FOLDER)
        manager.register_from_manifest(
            ComponentManifest(name=_PACKAGE, version="1", components=[config]), shipped("static")
        )
    return st.components.v2.component(f"{_PACKAGE}.{_NAME}", js=_SCRIPT, isolate_styles=False)
