"""Named queries, one repository per noun: rows in, domain values out."""
