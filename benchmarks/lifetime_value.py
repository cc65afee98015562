"""Fit the models of lifetime value and score ever more customers."""
def run(*, quick: bool) -> None:
    raise NotImplementedError
