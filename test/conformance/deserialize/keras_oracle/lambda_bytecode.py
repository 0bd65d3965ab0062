"""What Keras writes of `lambda x: x`: marshalled code in base64, as Python 3.11 makes it. Other Pythons cannot read it."""

BYTECODE = (
    "4wEAAAAAAAAAAAAAAAEAAAADAAAA8wYAAACXAHwAUwApAU6pACkB2gF4cwEAAAAg+glsYW1iZGEu\n"
    "cHn6CDxsYW1iZGE+cgUAAAABAAAAcwYAAACAAIghgADzAAAAAA==\n"
)
