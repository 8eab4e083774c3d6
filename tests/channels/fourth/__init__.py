"""A fourth channel, as small as one can be: the proof that a channel is one folder."""
