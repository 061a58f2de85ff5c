"""The Flask site and the endpoint's switch. Never imports torch."""
