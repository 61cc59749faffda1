"""Pure functions over the store's tables: no Streamlit, no files, no clock, no hidden state."""
