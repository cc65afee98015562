"""The report for managers: one HTML page, and its charts as files.

`tables` reads the published file, `sentences_*` say what is in it, `figures` draws it,
`page` puts both together, `writing` writes the files.
"""
