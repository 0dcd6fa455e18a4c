"""The use-cases: one class per noun, one transaction per write.

They are handed a store, an embedder and a cache; importing them loads none of the three.
"""
