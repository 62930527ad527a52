-- SPDX-License-Identifier: MIT
-- As ../programs/int_loop.py.
local function work(n)
    local i, total = 0, 0
    while i < n do
        if i & 3 == 1 then
            total = total + i * 3
        else
            total = total - i
        end
        i = i + 1
    end
    return total
end

local start = os.clock()
local answer = work(5000000)
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
