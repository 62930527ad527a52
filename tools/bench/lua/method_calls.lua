-- SPDX-License-Identifier: MIT
-- As ../programs/method_calls.py.
local Counter = {}
Counter.__index = Counter

function Counter.new()
    return setmetatable({total = 0, step = 1}, Counter)
end

function Counter:add(value)
    self.total = self.total + value * self.step
end

function Counter:flip()
    self.step = -self.step
end

local function work(n)
    local counter = Counter.new()
    for i = 0, n - 1 do
        counter:add(i)
        counter:flip()
    end
    return counter.total
end

local start = os.clock()
local answer = work(1500000)
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
