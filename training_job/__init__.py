"""From lyrics to a trained adapter: collecting, preparing, training, evaluating."""
