import time
time.sleep(0.03)
import cross_b
a = "a"
