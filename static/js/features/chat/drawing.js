// Puts into the list what has happened: changes from the feed, and one's own messages on their way.
import { text } from "./deeds.js"
import { requote } from "./lines.js"
import { showState } from "./states.js"

const SKEW = 60_000 // milliseconds a browser's clock may be ahead

export class Drawing {
  constructor(parts) {
    Object.assign(this, parts) // room, list, lines, pins, scroll, announcer, learn, isPast
    const { you, name } = this.room.dataset
    Object.assign(this, { you, name })
  }

  change({ kind, message }) {
    if (message) this.scroll.steady(() => this.draw(kind, message))
  }

  draw(kind, message) {
    const line = this.list.find(message.id) ?? (message.key && this.list.findKey(message.key))
    requote(this.list.root, message)
    this.pins.take(message)
    if (!message.author) {
      if (line) this.list.take(line) // held: not for this reader yet
    } else if (line) {
      if (line.dataset.key) this.outbox.ok(line.dataset.key)
      delete line.dataset.key
      this.lines.fill(line, message)
      this.learn(line)
      this.list.put(line)
    } else if (this.belongs(message)) {
      this.add(kind, message)
    }
  }

  add(kind, message) {
    if (this.isPast) return // news is not for a page of the past
    const line = this.lines.make(message)
    this.insert(line)
    if (kind !== "message.sent" || message.author.id === this.you) return
    this.announcer.tell(`${message.author.name}: ${text(line)}`)
    this.scroll.count(line)
  }

  insert(line) {
    this.learn(line)
    this.list.put(line)
    this.room.querySelector(".chat-empty").hidden = true
  }

  // What is older than all that is drawn stays in the history that is not.
  belongs({ seq }) {
    const first = this.list.messages[0]
    return !this.list.older || !first || seq > Number(first.dataset.seq)
  }

  // How far one's own message is.
  entry(entry) {
    let line = this.list.findKey(entry.key)
    if (entry.state === "gone") return this.list.take(line)
    if (!line) {
      if (entry.lost && this.stands(entry)) return this.outbox.forget(entry.key)
      line = this.lines.sketch(entry, this.name)
      this.insert(line)
      this.scroll.toEnd()
    }
    showState(line, entry, { again: (key) => this.outbox.again(key), discard: (key) => this.outbox.discard(key), undo: (key) => this.outbox.undo(key), takeBack: (key) => this.outbox.takeBack(key) })
    if (entry.state === "sent") this.announcer.say("Sent")
  }

  // A picture that was on its way when this page was last left may have arrived: the server has drawn it then.
  stands({ body, at }) {
    const own = this.list.messages.filter((line) => line.classList.contains("mine") && !line.dataset.key)
    return own.some((line) => line.dataset.body === body && line.querySelector(".message-picture") && sentAt(line) > new Date(at) - SKEW)
  }

  // The server has kept it; where the page was drawn with it already, it need not stand there twice.
  kept({ key, message }) {
    const waiting = this.list.findKey(key)
    this.outbox.ok(key)
    if (waiting && this.list.find(message)) this.list.take(waiting)
  }
}

function sentAt(line) {
  return new Date(line.querySelector("time").dateTime)
}
