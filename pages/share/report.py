"""What do we take with us? The scenario in five sentences, and the whole story as a file in any format."""

import streamlit as st

from cxroi.ui.app.current import current_text
from cxroi.ui.prove.start import evidence_or_way
from cxroi.ui.share.report import files, in_five_sentences

text = current_text()
evidence = evidence_or_way("report", text)
if evidence is not None:
    st.title(text("share.report.title"), anchor=False)
    case = in_five_sentences(evidence, text)
    files(evidence, case, text)
