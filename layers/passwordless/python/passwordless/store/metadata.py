"""The metadata table: our signed metadata, one document an application; it can always be made anew."""

from boto3.dynamodb.conditions import Attr

from passwordless.model.metadata import VALID, MetadataDocument
from passwordless.store.codec import decode, encode
from passwordless.store.table import Table


class Metadata:
    """Reads and writes signed metadata."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def get(self, application_id: str) -> MetadataDocument | None:
        """Return an application's document, whether or not it still holds."""
        item = self._table.get({"application_id": application_id})
        return decode(MetadataDocument, item) if item else None

    def put(self, document: MetadataDocument, before: MetadataDocument | None) -> bool:
        """Write a document in the place of the one that was read before; False if another was faster."""
        unchanged = (
            Attr("application_id").not_exists()
            if before is None
            else Attr("fingerprint").eq(before.fingerprint) & Attr("made_at").eq(before.made_at)
        )
        return self._table.put({**encode(document), "ttl": document.made_at + VALID}, unchanged)
