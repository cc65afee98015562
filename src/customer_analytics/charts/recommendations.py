"""Charts of recommendations: how the sources compare."""

import altair as alt
import pandas as pd

from customer_analytics.charts.predictions import models_compared


def sources_compared(sources: pd.DataFrame) -> alt.Chart:
    """Draw every source of recommendations by NDCG at ten.

    Parameters
    ----------
    sources : DataFrame, a row per source
        ``source``, ``kind`` (served, model or baseline) and ``ndcg`` (0 to 1).
    """
    return models_compared(
        sources.rename(columns={"source": "model"}),
        measure="ndcg",
        title="NDCG of the first ten (more is better)",
    )
