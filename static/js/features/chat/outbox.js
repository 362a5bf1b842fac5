// Messages on their way: sent one after the other, each with its first key until the server has kept it.
const SECOND_THOUGHTS = 10_000 // milliseconds a message waits for "Undo", where its person wants that
const PATIENCE = 10_000 // milliseconds without an answer before the same is sent again
const PASSING = ["try_again", "too_many", "session_over"] // faults that pass, the last one by signing in again
const LOST = "The picture did not stay while this page was away. Please add it again."

export class Outbox {
  // `put` sends a frame, `post` a message with a picture; `changed` is told of each new state: pausing, waiting, sending,
  // sent, refused or gone; `kept` of an answer to a post; `back` gets what was undone.
  constructor(keep, { put, post, changed, kept, back }) {
    Object.assign(this, { keep, put, post, changed, kept, back })
    this.isOpen = false
    this.entries = (keep.get("outbox") ?? []).map((entry) => ({ ...entry }))
    this.entries.forEach((entry) => this.rest(entry))
  }

  // Whether a picture is on its way: it is nowhere but in this page.
  get isCarrying() {
    return this.entries.some(({ picture, state }) => picture && state !== "refused")
  }

  add(body, reply, picture = null) {
    const entry = { key: crypto.randomUUID(), body, reply, at: new Date().toISOString(), state: "waiting" }
    if (picture) entry.picture = picture
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
    if (entry?.state === "pausing") this.takeBack(key)
  }

  // Back to where it was written.
  takeBack(key) {
    const entry = this.find(key)
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
    entry.stop?.()
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
      if (entry.state === "sending") this.become(entry, "waiting")
      if (this.onTheWay === key) this.later(1000 * (wait ?? 2))
    } else {
      entry.words = text
      this.become(entry, "refused")
      this.goOn(key)
    }
  }

  again(key) {
    this.become(this.find(key), "waiting")
    this.next()
  }

  discard(key) {
    const entry = this.find(key)
    entry.stop?.()
    this.entries.splice(this.entries.indexOf(entry), 1)
    this.save()
    this.changed({ ...entry, state: "gone" })
    this.goOn(key)
  }

  // It stands on the page already: it was kept before this page came.
  forget(key) {
    this.entries = this.entries.filter((entry) => entry.key !== key)
    this.save()
  }

  find(key) {
    return this.entries.find((entry) => entry.key === key)
  }

  become(entry, state) {
    entry.state = state
    this.save()
    this.changed(entry)
  }

  next() {
    const entry = this.entries.find(({ state }) => state !== "refused")
    if (!this.isOpen || this.onTheWay || !entry || entry.state === "pausing") return // none overtakes one that pauses
    this.onTheWay = entry.key
    this.write(entry)
    if (!entry.picture) this.later(PATIENCE)
  }

  write(entry) {
    const { key, body, reply, picture } = entry
    if (picture) this.carry(entry)
    else this.put({ op: "send", key, body, reply_to: reply?.id ?? null })
  }

  // A picture may take longer than the line to the server lasts: what still moves is left alone.
  carry(entry) {
    if (entry.stop) return
    entry.stop = this.post(entry, (frame) => {
      entry.stop = null
      if (frame.op === "ok") this.kept(frame)
      else this.refused(entry.key, frame)
    })
    this.become(entry, "sending")
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

  // A tab keeps words; a picture stays in this page alone, and without it the words must not go.
  save() {
    this.keep.set("outbox", this.entries.map(({ picture, stop, ...entry }) => {
      return picture ? { ...entry, state: "refused", words: LOST, lost: { alt: picture.alt } } : entry
    }))
  }
}
