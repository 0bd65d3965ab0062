from audio import functions, layers, losses, models, training
