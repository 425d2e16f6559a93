"""How do we tell it? The story of the scenario as slides over the whole window, and which of them, in which order, with which caption."""

import streamlit as st

from cxroi.ui.app.current import current_text
from cxroi.ui.prove.start import evidence_or_way
from cxroi.ui.share.present import editor, keys, stage

text = current_text()
evidence = evidence_or_way("present", text)
if evidence is not None:
    st.title(text("present.title"), anchor=False)
    st.markdown(text("present.lead"))
    stage(evidence)
    editor(evidence, text)
    keys(text)
