// A message that waits for "Undo" goes out when its person leaves: by a link, by a form, or to another window. A reload
// is no leaving: the page comes back with it and with what is left of its time.
export function whenLeaving(go) {
  let isUnloading = false
  addEventListener("pagehide", () => (isUnloading = true))
  document.addEventListener("visibilitychange", () => document.hidden && !isUnloading && go())
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]")
    if (link && !event.defaultPrevented && link.pathname !== location.pathname) go()
  })
  document.addEventListener("submit", (event) => event.defaultPrevented || go())
}
