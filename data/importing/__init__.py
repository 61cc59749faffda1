"""From any spreadsheet to the store: read, map headings, understand, locate, anonymise, write."""
