
local beat = ceiling(period * 1000, number)

settle = function() mark = math.min(mark, at + burst * beat) end
wait = function()
  local ahead = math.max(mark, at) - at
  return ceiling(math.max(ahead + beat - burst * beat, 0), 1000)
end
remaining = function() return burst - ceiling(math.max(mark, at) - at, beat) end
reset = function() return ceiling(math.max(mark - at, 0), 1000) end
add = function() mark = math.max(mark, at) + beat end
remove = function() mark = mark - beat end
