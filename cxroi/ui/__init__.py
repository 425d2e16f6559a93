"""The Streamlit glue that the pages share: the frame, what the reader chose, and what stands in the workspace."""
