"""The price catalogue's file (section 6 of the project file's format): rows in, items with fen prices out, or faults.

Refused whole: `items` is empty when there is any fault. Sentences are Chinese with placeholders, translated when shown.
"""

from portal.rules.catalogue_file.reading import MAX_BYTES, MAX_ROWS, CatalogueReading, read_csv, read_rows
from portal.rules.catalogue_file.shapes import CatalogueFault, CatalogueItem, Cell

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "CatalogueFault",
    "CatalogueItem",
    "CatalogueReading",
    "Cell",
    "read_csv",
    "read_rows",
]
