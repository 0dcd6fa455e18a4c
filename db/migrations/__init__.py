"""The schema's history; `db.schema` runs it in process."""
