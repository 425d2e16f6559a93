"""Upload: bring your own data, see what was read, load it, and go back to any version."""

import streamlit as st

from cxroi.ui.current import current_text
from cxroi.ui.preview import file_account
from cxroi.ui.upload import dropped_files, inspected, load_form, loaded_account, templates
from cxroi.ui.versions import versions_list

text = current_text()

st.title(text("page.upload.title"))
st.markdown(text("page.upload.lead"))
loaded_account()

files = dropped_files()
for file in files:
    file_account(file, inspected(file))
if files:
    load_form(files)
else:
    st.markdown(text("page.upload.enough"))
    st.caption(text("page.upload.larger"))
    templates()

versions_list()
