"""One module per page: its questions to the published file, and how it shows them.

Not named pages: Streamlit would run such a folder's files by itself.
"""
