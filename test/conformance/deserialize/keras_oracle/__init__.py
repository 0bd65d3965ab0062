"""What runs inside the environment of one release of Keras: it writes configs, and it asks what a config comes to.

`write` builds what Keras can serialize and writes it; `ask` puts cases to the release. `doors` are the ways into a load,
`answer` says how an outcome is written down, `workspace` holds the user's Python.
With KERAS_CONFIG_ORACLE_KERAS=2, tf_keras is what they call keras.
"""

import os

if os.environ.get("KERAS_CONFIG_ORACLE_KERAS") == "2":
    from keras_oracle import keras2  # noqa: F401
