import streamlit as st

from cxroi.ui.current import current_text

st.title(current_text()("nav.page.upload"))
