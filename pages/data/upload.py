"""Upload: bring your own data, see what was read, load it, and go back to any version."""

import streamlit as st

from cxroi.ui.current import current_text
from cxroi.ui.dropped import drop_zone, waiting_files
from cxroi.ui.kept import kept_settings
from cxroi.ui.preview import files_account
from cxroi.ui.spend_in_support import spend_in_support_question
from cxroi.ui.upload import load_account, load_form, templates
from cxroi.ui.versions import versions_list

text = current_text()

st.title(text("page.upload.title"))
st.markdown(text("page.upload.lead"))
files = waiting_files()
running = load_account(beside_form=bool(files))
spend_in_support_question()
drop_zone()

if files:
    load_form(files_account(files), running=running)
else:
    st.markdown(text("page.upload.enough"))
    templates()

versions_list()
kept_settings()
