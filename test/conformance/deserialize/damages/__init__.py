"""Damages: every way in which a serialized object can be wrong in one place. Plain Python, without Keras.

Each module has a function from a config to `Damage`s. A damage has a kind, and a kind belongs to one family:

  identity     who an object is: class_name, module, registered_name missing, null, retyped, misspelt
  resolution   names that lead elsewhere: packages, modules that moved, keys of functions, what the caller hands in
  loader       the form that Keras's loader reads: config missing or retyped, an object without module
  safety       what Keras refuses to load
  keras 2      what Keras 2 wrote and Keras 3 does not know
  another object, arguments, strings, graph   found, and then refused by a constructor, a `get` or the making of a graph
"""
