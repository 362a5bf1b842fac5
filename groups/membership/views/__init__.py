"""The pages of groups and the people in them."""
