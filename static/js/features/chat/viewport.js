// With the keyboard of a phone up, the room takes the height that is left above it.
const KEYBOARD = 120 // pixels: less is a bar of the browser
const root = document.documentElement

export function fitAboveKeyboard() {
  const view = window.visualViewport
  view?.addEventListener("resize", () => {
    const isUp = view.scale < 1.05 && innerHeight - view.height > KEYBOARD
    root.toggleAttribute("data-keyboard", isUp)
    if (isUp) root.style.setProperty("--seen", `${view.height}px`)
    else root.style.removeProperty("--seen")
    if (isUp) scrollTo(0, 0)
  })
}
