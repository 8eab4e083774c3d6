"""The ticket and its folio, as pure values."""
