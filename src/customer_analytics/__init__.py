"""Customer analytics from raw order lines, as one dbt build."""
