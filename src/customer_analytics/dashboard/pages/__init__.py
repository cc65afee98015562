"""One module per page: its questions to the published file, and how it shows them."""
