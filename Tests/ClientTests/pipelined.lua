-- Eight requests at a time for wrk, each for a page of another length.
local together

init = function(arguments)
  local requests = {}
  for from = 0, 7 do
    requests[#requests + 1] = wrk.format("GET", wrk.path .. "?from=" .. from)
  end
  together = table.concat(requests)
end

request = function()
  return together
end
