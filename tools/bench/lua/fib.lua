-- SPDX-License-Identifier: MIT
-- As ../programs/fib.py.
local function fib(n)
    if n < 2 then
        return n
    end
    return fib(n - 1) + fib(n - 2)
end

local start = os.clock()
local answer = fib(30)
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
