"""The main paths, one function each: they alone know the order of the stages."""
