"""Importing the package registers its objects."""

from my_package.activations import leaky_swish
from my_package.layers import Gate, ResidualDense, Scale
