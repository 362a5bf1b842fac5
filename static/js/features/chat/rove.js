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

  learn(line) {
    line.tabIndex = -1
    line.querySelector("summary").tabIndex = -1
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
    line.ariaLabel = `${name}, ${clock}: ${words}`
  }

  mark(line) {
    if (!line || line === this.current) return
    for (const [one, index] of [[this.current, -1], [line, 0]]) {
      if (!one) continue
      one.tabIndex = index
      one.querySelector("summary").tabIndex = index
    }
    this.current = line
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
