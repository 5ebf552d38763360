"""How written English is read without a model: words, sentences, clauses, dates; used by every layer above."""
