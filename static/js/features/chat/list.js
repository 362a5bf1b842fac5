// The messages in their order, under the heading of their day, one header for what belongs together.
import { element } from "./nodes.js"

const TOGETHER = 5 * 60_000

export class List {
  constructor(root, days) {
    this.root = root
    this.days = days
  }

  get messages() {
    return [...this.root.querySelectorAll(":scope > .message")]
  }

  get older() {
    return this.root.querySelector(":scope > .chat-older")
  }

  find(id) {
    return this.root.querySelector(`:scope > [id="message-${id}"]`)
  }

  findKey(key) {
    return this.root.querySelector(`:scope > [data-key="${key}"]`)
  }

  // Where its number says; what waits for a number stays at the end.
  put(line) {
    const others = this.messages.filter((other) => other !== line)
    const above = others.findLast((other) => number(other) < number(line) || number(line) === Infinity)
    const after = line.isConnected ? below(line) : null
    if (!line.isConnected || after !== (others[others.indexOf(above) + 1] ?? null)) {
      if (above) above.after(line)
      else if (this.older) this.older.after(line)
      else this.root.prepend(line)
      this.tidy(after)
    }
    this.tidy(line)
    this.tidy(below(line))
  }

  take(line) {
    const after = below(line)
    line.remove()
    this.tidy(after)
  }

  // Pieces of older history come above; the seam closes.
  prepend(piece) {
    const first = this.messages[0]
    this.older?.remove()
    this.root.prepend(piece)
    this.tidy(first)
  }

  // What is new begins here.
  divide(line) {
    this.root.querySelector(":scope > .chat-new")?.remove()
    const divider = element("li", "chat-new")
    divider.id = "new"
    divider.append(element("span", "", "New"))
    line.before(divider)
    this.messages.forEach((one) => this.tidy(one))
  }

  tidy(line) {
    if (!line?.matches(".message")) return
    let [above, day, divider] = [line.previousElementSibling, null, null]
    for (; above && !above.matches(".message, .chat-older"); above = above.previousElementSibling) {
      if (above.matches(".chat-day")) day = above
      if (above.matches(".chat-new")) divider = above
    }
    if (above?.matches(".chat-older")) above = null
    const sameDay = above && this.days.date(time(above)) === this.days.date(time(line))
    if (sameDay) day?.remove()
    else if (!day) (divider ?? line).before(this.heading(line))
    const close = sameDay && !divider && time(line) - time(above) < TOGETHER
    line.classList.toggle("message-follows", Boolean(close && above.dataset.author === line.dataset.author))
  }

  heading(line) {
    const day = element("li", "chat-day")
    day.append(element("h2", "", this.days.heading(time(line))))
    return day
  }

  // "Today" is yesterday after midnight.
  nameDays() {
    for (const day of this.root.querySelectorAll(".chat-day")) {
      const line = below(day)
      if (line) day.firstElementChild.textContent = this.days.heading(time(line))
    }
  }
}

function number(line) {
  return line.dataset.seq ? Number(line.dataset.seq) : Infinity
}

function time(line) {
  return new Date(line.querySelector("time").dateTime)
}

function below(element) {
  let next = element.nextElementSibling
  while (next && !next.matches(".message")) next = next.nextElementSibling
  return next
}
