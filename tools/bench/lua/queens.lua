-- SPDX-License-Identifier: MIT
-- As ../programs/queens.py.
-- Tables for sets, and coroutines for generators.
local function count(n, row, columns, up, down)
    if row == n then
        return 1
    end
    local found = 0
    for column = 0, n - 1 do
        if not columns[column] and not up[row + column] and not down[row - column] then
            columns[column], up[row + column], down[row - column] = true, true, true
            found = found + count(n, row + 1, columns, up, down)
            columns[column], up[row + column], down[row - column] = nil, nil, nil
        end
    end
    return found
end

local function place(n, placed)
    local row = #placed
    if row == n then
        coroutine.yield(placed)
        return
    end
    for column = 0, n - 1 do
        local free = true
        for k, c in ipairs(placed) do
            if c == column or math.abs(c - column) == row - (k - 1) then
                free = false
                break
            end
        end
        if free then
            local more = table.move(placed, 1, row, 1, {})
            more[row + 1] = column
            place(n, more)
        end
    end
end

local function solutions(n)
    return coroutine.wrap(function()
        place(n, {})
    end)
end

local start = os.clock()
local all, of7, thirds = count(8, 0, {}, {}, {}), 0, 0
for _ in solutions(7) do
    of7 = of7 + 1
end
for n = 8, 14 do
    thirds = thirds + solutions(n)()[4]
end
local elapsed = os.clock() - start
print("answer: (" .. all .. ", " .. of7 .. ", " .. thirds .. ")")
print("time: " .. elapsed)
