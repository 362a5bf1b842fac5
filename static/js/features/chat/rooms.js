// The person's other rooms in the list at the side: how much is new in each, as it happens. Counting is the server's;
// between its counts a message of somebody else is one more, and for anything rarer it is asked again.
import { Feed } from "./feed.js"

const MOST = 99
const SOON = 500 // milliseconds within which several reasons to ask are one

export class Rooms {
  // `put` sends a frame, `ask` wants a welcome with the counts.
  constructor({ room, you, put, ask }) {
    Object.assign(this, { room, you, put, ask })
    this.list = document.querySelector(".chat-rooms")
    this.others = new Map()
    for (const row of this.list?.querySelectorAll("li") ?? []) {
      const { room: id, seq } = row.dataset
      if (id === room) continue
      const unread = parseInt(row.querySelector(".count").textContent)
      this.others.set(id, { row, unread, feed: this.follow(id, Number(seq)), counted: Infinity })
    }
  }

  // How far each is known, for the server's hello and for its receipts.
  get seen() {
    return Object.fromEntries([...this.others].map(([id, { feed }]) => [id, feed.seq]))
  }

  follow(id, seq) {
    return new Feed(seq, { show: (change) => this.count(id, change), ask: (from) => this.put({ op: "since", room: id, seq: from }) })
  }

  welcome(rooms) {
    for (const [id, other] of this.others) {
      if (!rooms[id]) {
        this.drop(id)
        continue
      }
      Object.assign(other, { unread: rooms[id].unread, counted: rooms[id].head })
      if (other.feed.seq > other.counted) this.askSoon() // what came while it was counted is not in it
    }
    this.show()
  }

  hear(frame) {
    const other = this.others.get(frame.room)
    if (!other) return
    switch (frame.op) {
      case "change": return other.feed.take(frame)
      case "live": return other.feed.live(frame.head)
      case "reset": return this.start(frame.room, other)
      case "closed": return this.drop(frame.room)
      case "notify": return this.askSoon()
    }
  }

  heads(heads) {
    for (const [id, { feed }] of this.others) feed.head(heads[id] ?? 0)
  }

  // What was counted by the server is not counted again.
  count(id, { seq, kind, message }) {
    const other = this.others.get(id)
    if (seq <= other.counted) return
    if (kind !== "message.sent") return message && this.askSoon()
    if (message.author && message.author.id !== this.you) other.unread += 1 // what is withheld counts as nothing
    this.show()
  }

  // Too much has happened to be told one by one.
  start(id, other) {
    if (!Number.isFinite(other.counted)) return
    other.feed = this.follow(id, other.counted)
    other.feed.want()
  }

  drop(id) {
    this.others.get(id)?.row.remove()
    this.others.delete(id)
    this.show()
  }

  show() {
    for (const { row, unread } of this.others.values()) write(row.querySelector(".count"), unread)
    const all = [...this.others.values()].reduce((sum, { unread }) => sum + unread, 0)
    write(document.querySelector(".page-header .back .count"), all)
  }

  askSoon() {
    this.soon ??= setTimeout(() => {
      this.soon = null
      this.ask()
    }, SOON)
  }
}

function write(count, number) {
  if (!count) return
  count.firstChild.data = number > MOST ? `${MOST}+` : number
  count.hidden = !number
}
