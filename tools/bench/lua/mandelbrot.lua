-- SPDX-License-Identifier: MIT
-- As ../programs/mandelbrot.py.
-- Lua has no complex numbers: the first plane keeps pairs.
local function complex_plane(size, depth)
    local total = 0
    for row = 0, size - 1 do
        for column = 0, size - 1 do
            local cr, ci = column * 3.0 / size - 2.1, row * 2.4 / size - 1.2
            local zr, zi, last = 0.0, 0.0, 0
            for i = 0, depth - 1 do
                last = i
                if (zr * zr + zi * zi) ^ 0.5 > 2.0 then
                    break
                end
                zr, zi = zr * zr - zi * zi + cr, zr * zi + zi * zr + ci
            end
            total = total + last
        end
    end
    return total
end

local function float_plane(size, depth)
    local total = 0
    for row = 0, size - 1 do
        local ci = row * 2.4 / size - 1.2
        for column = 0, size - 1 do
            local cr, zr, zi, last = column * 3.0 / size - 2.1, 0.0, 0.0, 0
            for i = 0, depth - 1 do
                last = i
                local zr2, zi2 = zr * zr, zi * zi
                if zr2 + zi2 > 4.0 then
                    break
                end
                zi = 2.0 * zr * zi + ci
                zr = zr2 - zi2 + cr
            end
            total = total + last
        end
    end
    return total
end

local start = os.clock()
local one, other = complex_plane(180, 60), float_plane(250, 60)
local elapsed = os.clock() - start
print("answer: (" .. one .. ", " .. other .. ")")
print("time: " .. elapsed)
