"""The browser's part of the panel: a script of our own that Streamlit serves as a file, as our Content-Security-Policy asks."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from cxroi.shipped import shipped

_PACKAGE, _NAME, _FOLDER, _SCRIPT = "cxroi", "what_if", "panel", "what_if.js"


def component() -> Any:
    """Return what mounts the panel; each runtime has to be told of its folder once."""
    name, manager = f"{_PACKAGE}.{_NAME}", get_bidi_component_manager()
    if manager.get_component_asset_root(name) is None:
        config = ComponentConfig(name=_NAME, asset_dir=_FOLDER)
        manager.register_from_manifest(
            ComponentManifest(name=_PACKAGE, version="1", components=[config]), shipped("static")
        )
    return st.components.v2.component(name, js=_SCRIPT, isolate_styles=False)
