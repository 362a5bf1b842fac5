// "Leave quickly": covers the page at once, takes it out of the way back, opens a neutral page.
const link = document.querySelector("[data-leave]")
const TAPS = 3
const WITHIN = 2000 // milliseconds for all taps

function leave() {
  document.title = " "
  document.body.className = "leaving"
  history.replaceState(null, "", "/")
  location.replace(link.href)
}

// Shift tapped alone: a capital letter or a shortcut in between starts the count again.
let taps = []
let alone = false

if (link) {
  link.addEventListener("click", (event) => {
    event.preventDefault()
    leave()
  })

  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") taps = []
    alone = event.key === "Shift" && !event.repeat && !event.ctrlKey && !event.altKey && !event.metaKey
  }, true)

  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return
    alone = false
    taps = [...taps, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN)
    if (taps.length >= TAPS) leave()
  }, true)

  addEventListener("pointerdown", () => { taps = [] }, true)

  // Coming back by the browser's own button must show a living page again.
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload() })
}
