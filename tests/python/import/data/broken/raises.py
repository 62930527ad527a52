x = 1
raise ValueError("in the module")
