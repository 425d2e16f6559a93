"""The parts that are scripts of our own: Streamlit serves them as files, as our Content-Security-Policy asks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

from cxroi.shipped import shipped

if TYPE_CHECKING:
    from streamlit.components.v2.component_manager import BidiComponentManager

_PACKAGE, _FOLDER = "cxroi", "panel"
_NAMES = ("what_if", "present")  # of the scripts in static/panel


def own_component(name: str) -> Any:
    """Return what mounts a script of ours by its name."""
    return _told_once(get_bidi_component_manager())[name]


@lru_cache(maxsize=1)
def _told_once(manager: BidiComponentManager) -> dict[str, Any]:
    """Return what mounts each script in a runtime, which has to be told of their folder first."""
    if manager.get_component_asset_root(f"{_PACKAGE}.{_NAMES[0]}") is None:
        configs = [ComponentConfig(name=name, asset_dir=_FOLDER) for name in _NAMES]
        manager.register_from_manifest(
            ComponentManifest(name=_PACKAGE, version="1", components=configs), shipped("static")
        )
    return {
        name: st.components.v2.component(f"{_PACKAGE}.{name}", js=f"{name}.js", isolate_styles=False) for name in _NAMES
    }
