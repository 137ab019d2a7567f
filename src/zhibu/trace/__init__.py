"""溯源: which texts a report shares passages with, how much, and where. Pure, no Django.

from zhibu.trace import Corpus, compare
for source in compare(text, {"2024年报告": last_year}):
    print(source.source, source.share, [passage.excerpt for passage in source.passages])
with Corpus("corpus.db") as corpus:
    sources = compare(text, corpus)

It says what stands in both texts. It does not say who wrote it first, nor whether that was right: no share is a limit.
"""

from zhibu.trace.comparing import compare
from zhibu.trace.corpus import Corpus
from zhibu.trace.results import Passage, Source, Text

__all__ = ["Corpus", "Passage", "Source", "Text", "compare"]
