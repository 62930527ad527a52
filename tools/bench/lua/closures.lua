-- SPDX-License-Identifier: MIT
-- As ../programs/closures.py.
local function counter(step)
    local total = 0
    return function(by)
        total = total + step * (by or 1)
        return total
    end
end

local function compose(...)
    local functions = {...}
    return function(x)
        for _, f in ipairs(functions) do
            x = f(x)
        end
        return x
    end
end

local function counted(f)
    local calls = 0
    return function(...)
        calls = calls + 1
        return f(...)
    end, function()
        return calls
    end
end

local function partial(f, a)
    return function(...)
        return f(a, ...)
    end
end

local function reduce(f, list, acc)
    for _, x in ipairs(list) do
        acc = f(acc, x)
    end
    return acc
end

local add, calls = counted(function(a, b)
    return a + b
end)

local function work(n)
    local bump = counter(3)
    local pipeline = compose(function(x)
        return x + 1
    end, function(x)
        return x * 2
    end, function(x)
        return x - bump()
    end)
    local add_five, total, makers = partial(add, 5), 0, {}
    for i = 0, n - 1 do
        total = total + (pipeline(i) & 255)
        total = total + (add_five(i) & 15)
    end
    for k = 0, 9 do
        makers[k + 1] = function(x)
            return x * k
        end
    end
    for i = 0, n // 10 - 1 do
        total = total + reduce(function(a, f)
            return (a + f(i)) & 0xFFFF
        end, makers, 0)
    end
    return total
end

local start = os.clock()
local answer = work(250000)
local elapsed = os.clock() - start
print("answer: (" .. answer .. ", " .. calls() .. ")")
print("time: " .. elapsed)
