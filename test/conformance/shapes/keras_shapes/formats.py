"""The two formats in which Keras 2 has written models: with `module` (from 2.13), and without."""


def without_modules(value):
    """A config of the newer format as Keras 2.12 and older wrote it."""
    if isinstance(value, list):
        return [without_modules(one) for one in value]
    if not isinstance(value, dict):
        return value
    dropped = ("module", "registered_name", "build_config") if "class_name" in value else ()
    return {key: without_modules(one) for key, one in value.items() if key not in dropped}
