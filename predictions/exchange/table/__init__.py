"""The table, one row a prediction: its columns and cells, its reader and its writer."""
