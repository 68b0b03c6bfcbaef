"""What commands print: one JSON document, or text for people."""
