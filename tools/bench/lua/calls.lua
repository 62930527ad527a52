-- SPDX-License-Identifier: MIT
-- As ../programs/calls.py.
-- Lua has no keyword arguments: the third call passes the default in its place.
local function plain(a, b)
    return a + b
end

local function default(a, b, c)
    return a + (b or 2) + (c or 3)
end

local function star(...)
    local args = {...}
    return #args
end

local function adder(k)
    return function(x)
        return x + k
    end
end

local function work(n)
    local total, add5, abs = 0, adder(5), math.abs
    local function twice(x)
        return x + x
    end
    for i = 0, n - 1 do
        total = total + plain(i, 1)
        total = total + default(i)
        total = total + default(i, nil, 7)
        total = total + star(i, i, i)
        total = total + add5(i)
        total = total + twice(i)
        total = total + abs(-i)
        total = total + #"abc"
    end
    return total
end

local start = os.clock()
local answer = work(300000)
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
