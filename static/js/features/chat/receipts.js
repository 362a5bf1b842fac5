// Tells the server what this page has shown of every room it knows: with each beat, and sooner after many changes.
const MANY = 64

export class Receipts {
  // `put` sends a frame, `seen` says how far each room is shown.
  constructor({ put, seen }) {
    Object.assign(this, { put, seen, beats: 0, open: 0 })
  }

  count() {
    if (++this.open >= MANY) this.send()
  }

  beat(n) {
    this.beats = n
    this.send()
  }

  send() {
    this.open = 0
    this.put({ op: "beat", n: this.beats, seen: this.seen() })
  }
}
