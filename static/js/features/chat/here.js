// Who writes and who is here, of those who chose to show it. Seen quietly, never read out.
const STAYS = 5000 // milliseconds that a sign of writing is believed
const EVERY = 3500 // between two signs of one's own

export class Here {
  constructor(line, put) {
    Object.assign(this, { line, put, writing: new Map(), next: 0 })
  }

  // The person writes; said only if they chose to show it.
  write() {
    if (document.documentElement.dataset.typing !== "on" || Date.now() < this.next) return
    this.next = Date.now() + EVERY
    this.put({ op: "typing" })
  }

  writes(people) {
    for (const { id, name } of people) {
      clearTimeout(this.writing.get(id)?.over)
      this.writing.set(id, { name, over: setTimeout(() => this.said(id), STAYS) })
    }
    this.draw()
  }

  // They have said it, or stopped.
  said(id) {
    clearTimeout(this.writing.get(id)?.over)
    if (this.writing.delete(id)) this.draw()
  }

  draw() {
    const names = [...this.writing.values()].map(({ name }) => name)
    this.line.hidden = !names.length
    this.line.textContent = names.length > 2 ? "Several people are writing" : `${names.join(" and ")} ${names[1] ? "are" : "is"} writing`
  }

  // At the side, or below the last message where there is no side.
  are(people) {
    const section = document.querySelector(".chat-here")
    const line = document.querySelector(".chat-present")
    section.hidden = line.hidden = !people.length
    section.lastElementChild.textContent = people.map(({ name }) => name).join(", ")
    line.textContent = `Here now: ${section.lastElementChild.textContent}`
  }
}
