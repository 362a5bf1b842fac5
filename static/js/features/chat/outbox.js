// Messages on their way: sent one after the other, each with its first key until the server has kept it.
const SECOND_THOUGHTS = 10_000 // milliseconds a message waits for "Undo", where its person wants that
const PATIENCE = 10_000 // milliseconds without an answer before the same is sent again
const PASSING = ["try_again", "too_many", "session_over"] // faults that pass, the last one by signing in again

export class Outbox {
  // `put` sends a frame; `changed` is told of each new state: pausing, waiting, sent, refused or gone; `back` gets
  // what was undone.
  constructor(keep, { put, changed, back }) {
    this.keep = keep
    this.put = put
    this.changed = changed
    this.back = back
    this.isOpen = false
    this.entries = (keep.get("outbox") ?? []).map((entry) => ({ ...entry }))
    this.entries.forEach((entry) => this.rest(entry))
  }

  add(body, reply) {
    const entry = { key: crypto.randomUUID(), body, reply, at: new Date().toISOString(), state: "waiting" }
    if (document.documentElement.dataset.undo === "on") {
      Object.assign(entry, { state: "pausing", due: Date.now() + SECOND_THOUGHTS })
      this.rest(entry)
    }
    this.entries.push(entry)
    this.save()
    this.changed(entry)
    this.next()
  }

  // Nobody sees it yet: until its time it can be undone.
  rest(entry) {
    if (entry.state === "pausing") setTimeout(() => this.release(entry.key), Math.max(0, entry.due - Date.now()))
  }

  release(key) {
    const entry = this.find(key)
    if (entry?.state === "pausing") this.again(key)
  }

  undo(key) {
    const entry = this.find(key)
    if (entry?.state !== "pausing") return
    this.discard(key)
    this.back(entry)
  }

  // Its person goes: all at once, each with its key, so that what got lost on the way goes again.
  hurry() {
    const held = this.entries.filter(({ state }) => state === "pausing")
    held.forEach(({ key }) => this.release(key))
    for (const entry of held) if (this.isOpen && entry.key !== this.onTheWay) this.write(entry)
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
    const entry = this.entries.find(({ state }) => state !== "refused")
    if (!this.isOpen || this.onTheWay || entry?.state !== "waiting") return // none overtakes one that pauses
    this.onTheWay = entry.key
    this.write(entry)
    this.later(PATIENCE)
  }

  write({ key, body, reply }) {
    this.put({ op: "send", key, body, reply_to: reply?.id ?? null })
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
