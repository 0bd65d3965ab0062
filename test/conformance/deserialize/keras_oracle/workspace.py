"""The user's Python: files that are written to a folder and all imported, and what their import registers."""

import contextlib
import importlib
import os
import sys
import tempfile
import threading

from keras.src.backend.common import global_state
from keras.src.saving import object_registration


def start_afresh():
    """Forgets registrations, scopes, and the counters that make automatic names."""
    object_registration.GLOBAL_CUSTOM_OBJECTS.clear()
    object_registration.GLOBAL_CUSTOM_NAMES.clear()
    global_state.GLOBAL_STATE_TRACKER = threading.local()
    if hasattr(global_state, "GLOBAL_SETTINGS_TRACKER"):
        global_state.GLOBAL_SETTINGS_TRACKER = threading.local()


class Workspace:
    def __init__(self, files):
        self.files = files
        self.folder = tempfile.TemporaryDirectory(prefix="workspace-")
        self.modules = []
        for path, text in files.items():
            target = os.path.join(self.folder.name, path)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w") as file:
                file.write(text)
            self.modules.append(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))

    @contextlib.contextmanager
    def imported(self):
        """Starts afresh, imports every file, and forgets the modules again at the end."""
        start_afresh()
        sys.path.insert(0, self.folder.name)
        sys.dont_write_bytecode = True
        importlib.invalidate_caches()
        try:
            modules = {name: importlib.import_module(name) for name in sorted(self.modules)}
            self.registered = (
                dict(object_registration.GLOBAL_CUSTOM_OBJECTS),
                dict(object_registration.GLOBAL_CUSTOM_NAMES),
            )
            yield modules
        finally:
            sys.path.remove(self.folder.name)
            for name in self.modules:
                sys.modules.pop(name, None)
            start_afresh()

    def register_again(self):
        """Starts afresh with what the import registered: cheaper than importing again, inside `imported()` only."""
        start_afresh()
        object_registration.GLOBAL_CUSTOM_OBJECTS.update(self.registered[0])
        object_registration.GLOBAL_CUSTOM_NAMES.update(self.registered[1])
