"""What a sentence does, whatever it is about: thanks, asks for a person, says that it is not mended. By words alone.

Owns how people say these things (lexicon/speech/); knows nothing of articles, tickets or who asks.
"""

from faq.speech.acts import Act, Said, acts

__all__ = ["Act", "Said", "acts"]
