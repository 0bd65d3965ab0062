from optics import parts, study
