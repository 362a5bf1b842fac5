// The list is one stop for the Tab key; arrows, Home and End go from message to message, Escape back to writing.
const STEPS = { ArrowUp: -1, ArrowDown: 1, Home: -Infinity, End: Infinity }

export class Rove {
  constructor(list, { leave }) {
    this.list = list
    this.leave = leave
    list.root.addEventListener("keydown", (event) => this.press(event))
    list.root.addEventListener("focusin", ({ target }) => this.enter(target.closest(".message"), target))
    list.root.addEventListener("focusout", ({ target }) => target.matches(".message") && target.removeAttribute("aria-label"))
  }

  // What can be focused in a message that is not the current one is passed over by Tab.
  learn(line) {
    const index = line === this.current ? 0 : -1
    for (const stop of [line, ...line.querySelectorAll("a, summary")]) stop.tabIndex = index
  }

  // The page as it came, in one go.
  learnAll() {
    for (const stop of this.list.root.querySelectorAll(":scope > .message, .message :is(a, summary)")) stop.tabIndex = -1
    this.settle()
  }

  // There is always one message that Tab reaches.
  settle() {
    if (!this.current?.isConnected) this.mark(this.list.messages.at(-1))
  }

  // A message that is gone to is read out whole.
  enter(line, target) {
    this.mark(line)
    if (target !== line) return
    const [name, clock, words] = ["b", "time", ".message-text"].map((css) => line.querySelector(css).textContent.trim())
    const given = line.querySelector(".message-reacted > summary")?.textContent.trim() ?? ""
    line.ariaLabel = `${name}, ${clock}: ${words} ${given}`.trim()
  }

  mark(line) {
    if (!line || line === this.current) return
    const before = this.current
    this.current = line
    if (before) this.learn(before)
    this.learn(line)
  }

  press(event) {
    const line = event.target.closest(".message")
    if (!line || event.altKey || event.ctrlKey || event.metaKey) return
    const menu = line.querySelector("details")
    if (event.key === "Escape") {
      if (!menu.open) this.leave()
    } else if (event.key === "Enter" && event.target === line) {
      event.preventDefault()
      menu.open = true
      menu.querySelector("a, button")?.focus()
    } else if (event.key in STEPS && !event.target.closest(".menu-list")) {
      event.preventDefault()
      this.go(line, STEPS[event.key])
    }
  }

  go(line, step) {
    const lines = this.list.messages
    const to = Math.min(lines.length - 1, Math.max(0, lines.indexOf(line) + step))
    lines[to].focus()
  }
}
