"""A page of stock Streamlit, to hold ours against: served by `streamlit run` with the settings that Streamlit ships with."""

from __future__ import annotations

import sys
from pathlib import Path

EMPTY = """import streamlit as st
st.title("Empty")
st.html(f"<p class='shown'>{st.slider('x', 0, 300, 100, 5)}</p>")
"""
FOUR_CHARTS = """import altair as alt, numpy as np, pandas as pd, streamlit as st
level = st.slider("level", 0, 300, 100, 5)
for place in range(4):
    data = pd.DataFrame({"month": np.arange(37), "cash": np.arange(37) * level * (place + 1)})
    st.altair_chart(alt.Chart(data).mark_line().encode(x="month", y="cash"))
"""
# Started in a folder of its own, because in this one Streamlit would read our settings.
_ELSEWHERE = """import os, runpy, sys
os.chdir(sys.argv[1])
sys.argv = ["streamlit", *sys.argv[2:]]
runpy.run_module("streamlit", run_name="__main__")"""


def stock_command(folder: Path, page: str) -> tuple[str, ...]:
    """Return the command that serves a page, written into a folder, on the port that is put after it."""
    script = folder / "page.py"
    script.write_text(page, encoding="utf-8")
    run = ("run", str(script), "--server.headless=true", "--server.port")
    return (sys.executable, "-c", _ELSEWHERE, str(folder), *run)
