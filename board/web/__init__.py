"""Pages, addresses and who may see them."""
