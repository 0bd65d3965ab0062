"""Asks real Keras, and writes down what it says: the recorder behind test/recorded.

The modules here run inside an environment that holds one Keras release (see test/recorded/README.md). `loading` knows
how a config gets into Keras and how its answer is written down, the others know what to ask.
"""
