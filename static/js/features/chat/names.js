// Naming somebody: after "@" comes a small list of the room's people, for arrows, Enter and Tab, or for the finger. A name
// typed out without it counts just as well.
import { element } from "./nodes.js"

const SIGN = /(?:^|[\s(])@([^@\n]{0,40})$/
const MOST = 6

export class Names {
  constructor(box, list, path) {
    Object.assign(this, { box, list, path })
    box.setAttribute("aria-autocomplete", "list")
    box.setAttribute("aria-controls", list.id)
    box.addEventListener("input", () => this.look())
    box.addEventListener("blur", () => this.close())
    box.addEventListener("keydown", (event) => this.press(event), true) // before the composer sends
    list.addEventListener("mousedown", (event) => event.preventDefault()) // keeps the box focused
    list.addEventListener("click", ({ target }) => this.choose(target.closest("[role=option]")))
  }

  async look() {
    const begun = this.begun()
    if (begun === null) return this.close()
    this.people ??= this.ask()
    const people = await this.people
    if (this.begun() !== begun) return // typed on meanwhile
    const words = begun.toLowerCase()
    const fitting = people.filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${words}`)).slice(0, MOST)
    this.show(begun.endsWith(" ") && !words.trim() ? [] : fitting)
  }

  async ask() {
    try {
      const answer = await fetch(this.path)
      return (await answer.json()).people
    } catch {
      this.people = null // another time, perhaps
      return []
    }
  }

  // What stands between the sign and the caret.
  begun() {
    const { value, selectionStart, selectionEnd } = this.box
    return selectionStart === selectionEnd ? (value.slice(0, selectionStart).match(SIGN)?.[1] ?? null) : null
  }

  show(people) {
    this.list.replaceChildren(...people.map(({ name }, place) => {
      const option = element("li", "", name)
      option.role = "option"
      option.id = `${this.list.id}-${place}`
      return option
    }))
    this.list.hidden = !people.length
    this.mark(0)
  }

  mark(place) {
    const options = [...this.list.children]
    this.current = options.at(place % (options.length || 1))
    for (const option of options) option.ariaSelected = String(option === this.current)
    if (this.current) this.box.setAttribute("aria-activedescendant", this.current.id)
    else this.box.removeAttribute("aria-activedescendant")
  }

  press(event) {
    if (this.list.hidden || event.isComposing) return
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) this.mark([...this.list.children].indexOf(this.current) + step)
    else if (event.key === "Escape") this.close()
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey) this.choose(this.current)
    else return
    event.preventDefault()
    event.stopImmediatePropagation()
  }

  choose(option) {
    if (!option) return
    const end = this.box.selectionStart
    this.box.setRangeText(`@${option.textContent} `, end - this.begun().length - 1, end, "end")
    this.close()
    this.box.dispatchEvent(new Event("input", { bubbles: true }))
  }

  close() {
    this.show([])
  }
}
