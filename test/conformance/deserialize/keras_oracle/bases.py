"""Which bases go with which workspace. `audio` is looked at while the tool is made, `optics` is only measured."""

from keras_oracle import audio_bases, optics_bases

BASES = {"audio": audio_bases.bases, "optics": optics_bases.bases}


def bases_of(workspace):
    return BASES[workspace]
