
local function weighted() return ceiling(before * (period - (now - mark)), period) end

settle = function()
  mark = math.min(mark, now)
  local elapsed = now - mark
  if elapsed >= 2 * period then
    before, count = 0, 0
  elseif elapsed >= period then
    mark, before, count = mark + period, count, 0
  end
  if before + count == 0 then mark = now end
end
wait = function()
  if weighted() + count < number then return 0 end
  if count < number then
    return mark + period - math.floor((number - 1 - count) * period / before) - now
  end
  return mark + 2 * period - math.floor((number - 1) * period / count) - now
end
remaining = function() return number - weighted() - count end
reset = function()
  if count > 0 then return mark + 2 * period - now end
  if before > 0 then return mark + period - now end
  return 0
end
add = function() count = count + 1 end
remove = function()
  if count == 0 then before = math.max(before - 1, 0) else count = count - 1 end
end
