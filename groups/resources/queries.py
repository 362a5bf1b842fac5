"""What pages need, already fetched."""
