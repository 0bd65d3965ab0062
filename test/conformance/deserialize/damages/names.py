"""Names of the workspaces that damages use: keys that are registered, and names of what is not."""

NAMES = {
    "audio": {
        "package": "audio",
        "module": "audio.layers",
        "class key": "audio>Gain",
        "other key": "audio>Filter",
        "plain class": "Noise",
        "plain function": "hard_clip",
        "function key": "audio>soft_clip",
        "function's own name": "wave_fold",
        "function module": "audio.functions",
        "initializer key": "audio>Ramp",
        "initializer module": "audio.training",
    },
    "optics": {
        "package": "optics",
        "module": "optics.parts.lenses",
        "class key": "Custom>Mirror",
        "other key": "optics>Doublet",
        "plain class": "Shutter",
        "plain function": "glare",
        "function key": "optics>bloom",
        "function's own name": "vignette",
        "function module": "optics.parts.filters",
        "initializer key": "Polariser",
        "initializer module": "optics.parts.filters",
    },
}
