"""How an outcome is written down: {"loads", "object", "found"?}, {"exception", "message", "raised_in"} or {"hangs"}."""

import contextlib
import json
import os
import re
import signal
import sys

from keras.src.legacy.saving import serialization as legacy_serialization
from keras.src.saving import serialization_lib

HANG_SECONDS = 10
"""Of the processor's time. Keras's loops are Python: an alarm ends them. The longest honest load but for large models takes
a second or two."""

MOST_FOUND = 60
"""Of how many objects at most it is written down what they were found as."""


class Hang(BaseException):
    """Raised by the alarm; no `except Exception` of Keras catches it."""


def _on_alarm(_signal, _frame):
    raise Hang


signal.signal(signal.SIGPROF, _on_alarm)


def python_version():
    """Of the interpreter that answers: some texts are Python's own, and change with it."""
    return ".".join(map(str, sys.version_info[:2]))


def type_path(value):
    kind = value if isinstance(value, type) or callable(value) and hasattr(value, "__qualname__") else type(value)
    return f"{kind.__module__}.{kind.__qualname__}"


def ask(call, seconds=HANG_SECONDS):
    """What `call()` comes to, within so many seconds of the processor's time."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        with open(os.devnull, "w") as nothing, contextlib.redirect_stdout(nothing), contextlib.redirect_stderr(nothing):
            with noting_what_is_found() as found:
                value = call()
        outcome = {"loads": True, "object": type_path(value)}
        if 0 < len(found) <= MOST_FOUND:
            outcome["found"] = found
        return outcome
    except Hang:
        return {"hangs": True}
    except RecursionError:
        return {"exception": "RecursionError", "message": "", "raised_in": ""}
    except Exception as error:
        return {"exception": type(error).__name__, "message": clean(str(error)), "raised_in": raised_in(error)}
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


# --- what objects of the config are found as -----------------------------------------------------------------------


@contextlib.contextmanager
def noting_what_is_found():
    """Gives a dict that fills with JSON Pointers and the dotted paths of what Keras found for the objects there.

    An object is known by the identity of its dict from the moment that the config's text is parsed. Where Keras looks up
    a dict that it made itself (as the modules with a `get` of their own do), its place is not to be had.
    """
    found = {}
    places = {}
    alive = []
    loads = json.loads
    retrieve = serialization_lib._retrieve_class_or_fn
    legacy = legacy_serialization.class_and_config_for_serialized_keras_object

    def number(root, value):
        pending = [(root, value)]
        while pending:
            place, one = pending.pop()
            if isinstance(one, dict):
                alive.append(one)  # or another dict would come to have its identity
                places[id(one)] = place
                pending += [(f"{place}/{key.replace('~', '~0').replace('/', '~1')}", it) for key, it in one.items()]
            elif isinstance(one, list):
                pending += [(f"{place}/{index}", it) for index, it in enumerate(one)]

    def loads_and_number(text, *args, **kwargs):
        value = loads(text, *args, **kwargs)
        if kwargs and isinstance(value, dict):  # the attributes of an .h5 file are parsed one by one, with a hook
            number("/model_config" if "class_name" in value else "/training_config", value)
        elif not places and not (isinstance(value, dict) and "keras_version" in value and "date_saved" in value):
            number("", value)  # and not what legacy functions write and parse again
        return value

    def note(config, value):
        place = places.get(id(config))
        if place is not None:
            found[place] = type_path(value)

    def retrieve_and_note(*args, **kwargs):
        value = retrieve(*args, **kwargs)
        note(kwargs.get("full_config"), value)
        return value

    def legacy_and_note(config, *args, **kwargs):
        result = legacy(config, *args, **kwargs)
        note(config, result[0])
        return result

    json.loads = loads_and_number
    serialization_lib._retrieve_class_or_fn = retrieve_and_note
    legacy_serialization.class_and_config_for_serialized_keras_object = legacy_and_note
    try:
        yield found
    finally:
        json.loads = loads
        serialization_lib._retrieve_class_or_fn = retrieve
        legacy_serialization.class_and_config_for_serialized_keras_object = legacy


# --- what an exception says ------------------------------------------------------------------------------------------


def raised_in(error):
    """Where the first exception of the chain came from, as `saving/serialization_lib.py: deserialize_keras_object`.

    The innermost function of Keras, or of the workspace where none of Keras is there. It tells a failure to find an
    object from one to construct it, which texts do not always.
    """
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__
    place = ""
    trace = error.__traceback__
    while trace:
        code = trace.tb_frame.f_code
        source = re.split(r"/(?:tf_)?keras/src/|/workspace-[^/]*/", code.co_filename)
        if len(source) > 1:
            place = f"{source[-1]}: {code.co_name}"
        trace = trace.tb_next
    return place


_PRINTED_CONFIG = re.compile(r"(?:config=|Full object config: ?|`keras\.layers\.Layer`\. Received: )(?=\{)")
_SET = re.compile(r"\{((?:'[^']*'|None)(?:, (?:'[^']*'|None))*)\}")
_TEMPORARY_FILE = re.compile(r"(/[\w.-]+)*/(tmp|workspace-)[\w/-]*(\.keras|\.h5)?")


def clean(message):
    """The message without what no one can foresee: printed configs become `{…}`, addresses `0x…`, sets are sorted.

    A config is cut only after `config=` and `Full object config:`, and only as far as its closing brace, since other
    sentences of Keras follow it.
    """
    pieces = []
    position = 0
    while match := _PRINTED_CONFIG.search(message, position):
        end = _end_of_literal(message, match.end())
        if end is None:
            break
        pieces += [message[position : match.end()], "{…}"]
        position = end
    pieces.append(message[position:])
    text = re.sub(r"\b0x[0-9a-f]{6,}\b", "0x…", "".join(pieces))
    text = re.sub(r"\bid=\d{6,}\b", "id=…", text)
    text = _TEMPORARY_FILE.sub("<file>", text)
    return _SET.sub(lambda match: "{" + ", ".join(sorted(match[1].split(", "))) + "}", text)


def _end_of_literal(text, start):
    """Where the Python literal that opens at `start` ends, or None where it never does."""
    depth = 0
    quote = None
    index = start
    while index < len(text):
        character = text[index]
        if quote:
            if character == "\\":
                index += 1
            elif character == quote:
                quote = None
        elif character in "'\"":
            quote = character
        elif character in "{[(":
            depth += 1
        elif character in "}])":
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    return None
