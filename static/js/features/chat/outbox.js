// Messages on their way: sent one after the other, each with its first key until the server has kept it.
const PATIENCE = 10_000 // milliseconds without an answer before the same is sent again
const PASSING = ["try_again", "too_many", "session_over"] // faults that pass, the last one by signing in again

export class Outbox {
  // `put` sends a frame; `changed` is told of each new state: waiting, sent, refused or gone.
  constructor(keep, { put, changed }) {
    this.keep = keep
    this.put = put
    this.changed = changed
    this.isOpen = false
    this.entries = (keep.get("outbox") ?? []).map((entry) => ({ ...entry }))
  }

  add(body, reply) {
    const entry = { key: crypto.randomUUID(), body, reply, at: new Date().toISOString(), state: "waiting" }
    this.entries.push(entry)
    this.save()
    this.changed(entry)
    this.next()
  }

  // The room is live: what had no answer goes again.
  open() {
    this.isOpen = true
    this.onTheWay = null
    this.next()
  }

  shut() {
    this.isOpen = false
    clearTimeout(this.timer)
  }

  ok(key) {
    const entry = this.find(key)
    if (!entry || entry.state === "sent") return
    entry.state = "sent"
    this.entries.splice(this.entries.indexOf(entry), 1)
    this.save()
    this.changed(entry)
    this.goOn(key)
  }

  refused(key, { code, text, retry_after: wait }) {
    const entry = this.find(key)
    if (!entry) return
    if (PASSING.includes(code)) {
      this.later(1000 * (wait ?? 2))
    } else {
      Object.assign(entry, { state: "refused", words: text })
      this.save()
      this.changed(entry)
      this.goOn(key)
    }
  }

  again(key) {
    const entry = this.find(key)
    entry.state = "waiting"
    this.save()
    this.changed(entry)
    this.next()
  }

  discard(key) {
    const entry = this.find(key)
    this.entries.splice(this.entries.indexOf(entry), 1)
    this.save()
    this.changed({ ...entry, state: "gone" })
  }

  find(key) {
    return this.entries.find((entry) => entry.key === key)
  }

  next() {
    const entry = this.entries.find(({ state }) => state === "waiting")
    if (!this.isOpen || this.onTheWay || !entry) return
    this.onTheWay = entry.key
    this.put({ op: "send", key: entry.key, body: entry.body, reply_to: entry.reply?.id ?? null })
    this.later(PATIENCE)
  }

  goOn(key) {
    if (this.onTheWay !== key) return
    clearTimeout(this.timer)
    this.onTheWay = null
    this.next()
  }

  later(wait) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.onTheWay = null
      this.next()
    }, wait)
  }

  save() {
    this.keep.set("outbox", this.entries)
  }
}
