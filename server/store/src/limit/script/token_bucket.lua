
settle = function()
  local earned = (now - math.min(mark, now)) * number
  mark, count = now, math.min(count + earned, burst * period)
end
wait = function() return ceiling(math.max(period - count, 0), number) end
remaining = function() return math.floor(count / period) end
reset = function() return ceiling(burst * period - count, number) end
add = function() count = count - period end
remove = function() count = math.min(count + period, burst * period) end
