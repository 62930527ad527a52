# coding: latin-1
# The line of an error is shown in the encoding of its file.
x = "hé ho"; raise RuntimeError("hé") + 1
