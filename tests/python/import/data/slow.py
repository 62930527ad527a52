import time
start = 1
time.sleep(0.05)
end = "whole"
