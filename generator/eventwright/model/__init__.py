"""What a document says, in eventwright's own terms."""
