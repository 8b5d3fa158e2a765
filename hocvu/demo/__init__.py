"""The demo world: fictitious units, people and a year of histories, made through the real submission path."""
