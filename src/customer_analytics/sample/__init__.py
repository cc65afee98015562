"""The bundled sample and benchmark data: a shop invented from a seed.

Everything is drawn from ``numpy.random.PCG64`` in a fixed order, so that one seed
gives one table. What was planted (groups, churn, bundles, dirt) is kept beside the
lines, for tests to recover.
"""

from customer_analytics.sample.make import Sample, make_sample
from customer_analytics.sample.write import stream_transactions, write_sample

__all__ = ["Sample", "make_sample", "stream_transactions", "write_sample"]
