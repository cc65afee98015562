"""The dashboard: a Streamlit page that reads the published file and nothing else."""
