-- SPDX-License-Identifier: MIT
-- As ../programs/matrix.py.
local function make(n, seed)
    local rows = {}
    for i = 1, n do
        local row = {}
        for j = 1, n do
            seed = (seed * 1103515245 + 12345) % 2147483648
            row[j] = seed / 2147483648 - 0.5
        end
        rows[i] = row
    end
    return rows
end

local function product(a, b)
    local columns = {}
    for j = 1, #b[1] do
        local column = {}
        for i = 1, #b do
            column[i] = b[i][j]
        end
        columns[j] = column
    end
    local out = {}
    for i, row in ipairs(a) do
        local line = {}
        for j, column in ipairs(columns) do
            local sum = 0
            for k = 1, #row do
                sum = sum + row[k] * column[k]
            end
            line[j] = sum
        end
        out[i] = line
    end
    return out
end

local function determinant(from)
    local m, n, det = {}, #from, 1.0
    for i, row in ipairs(from) do
        m[i] = table.move(row, 1, #row, 1, {})
    end
    for i = 1, n do
        local pivot = i
        for k = i + 1, n do
            if math.abs(m[k][i]) > math.abs(m[pivot][i]) then
                pivot = k
            end
        end
        if pivot ~= i then
            m[i], m[pivot] = m[pivot], m[i]
            det = -det
        end
        local top = m[i]
        det = det * top[i]
        for k = i + 1, n do
            local row = m[k]
            local factor = row[i] / top[i]
            for j = i, n do
                row[j] = row[j] - factor * top[j]
            end
        end
    end
    return det
end

local start = os.clock()
local a, b = make(120, 1), make(120, 2)
local c = product(product(a, b), a)
local answer = string.format("%.9e %.9e", c[4][6], determinant(make(110, 3)))
local elapsed = os.clock() - start
print("answer: " .. answer)
print("time: " .. elapsed)
