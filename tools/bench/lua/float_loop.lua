-- SPDX-License-Identifier: MIT
-- As ../programs/float_loop.py.
local function work(n)
    local x, area, step, t = 0.3, 0.0, 1.0 / n, 0.0
    for _ = 1, n do
        x = 3.7 * x * (1.0 - x)
        area = area + t * t * step
        t = t + step
    end
    return x, area
end

-- As short as repr() writes it.
local function shortest(x)
    for digits = 15, 17 do
        local text = string.format("%." .. digits .. "g", x)
        if tonumber(text) == x then
            return text
        end
    end
end

local start = os.clock()
local x, area = work(3000000)
local elapsed = os.clock() - start
print("answer: " .. shortest(x) .. " " .. shortest(area))
print("time: " .. elapsed)
