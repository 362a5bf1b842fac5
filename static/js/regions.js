// F6 goes on to the next part of the page, with Shift to the one before. Parts are marked data-region, in their order;
// its value, if any, says where one begins.
const STOPS = "a[href], button, summary, input:not([type=hidden]), select, textarea, [tabindex='0']"
const left = new WeakMap() // part -> where one was in it

document.addEventListener("focusin", ({ target }) => {
  const region = target.closest("[data-region]")
  if (region) left.set(region, target)
})

document.addEventListener("keydown", (event) => {
  if (event.key !== "F6" || event.ctrlKey || event.altKey || event.metaKey || document.querySelector("dialog:modal")) return
  event.preventDefault()
  const regions = [...document.querySelectorAll("[data-region]")].filter(isThere)
  const at = regions.indexOf(document.activeElement.closest("[data-region]"))
  const step = event.shiftKey ? -1 : 1
  const next = regions.at((at + step + (at < 0 && step < 0 ? 1 : 0)) % regions.length)
  const stop = placeIn(next)
  if (stop.tabIndex < 0) stop.tabIndex = -1
  stop.focus()
})

// Where one was, else the first stop that is not in a part of this part; else its heading.
function placeIn(region) {
  const isOwn = (one) => one?.isConnected && isThere(one) && one.closest("[data-region]") === region
  const before = left.get(region)
  if (isOwn(before) && before.tabIndex >= 0) return before
  const stops = [...region.querySelectorAll(region.dataset.region || STOPS)]
  return stops.find((one) => isOwn(one) && one.tabIndex >= 0 && !one.disabled) ?? region.querySelector("h1") ?? region
}

function isThere(one) {
  return one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0
}
