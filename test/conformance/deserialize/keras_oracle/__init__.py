"""What runs inside the environment of one release of Keras: it writes configs, and it asks what a config comes to.

`write` builds what Keras can serialize and writes it; `ask` puts cases to the release. `doors` are the ways into a load,
`answer` says how an outcome is written down, `workspace` holds the user's Python.
"""
