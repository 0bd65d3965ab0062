from optics.parts.lenses import Doublet, Lens, Mirror
from optics.parts.filters import Aperture, Polariser, vignette
