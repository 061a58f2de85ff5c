"""Training jobs: moto knows their names, this package runs them as processes."""
