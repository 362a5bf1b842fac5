"""The demo community: what newcomers see, and what pictures, measurements and browser tests run on.

The words stand in `people.toml`, `groups.toml`, `agreement.txt`, `posts/` and `conversations/`, to be edited by hand.
`build.build` puts them into an empty database, as if eight weeks had passed until now.
"""
