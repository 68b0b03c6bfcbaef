"""The policy pack itself: catalogue, exemptions, enforcement and the policies built from them."""
