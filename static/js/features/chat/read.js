// Tells the server how far the person has read: only upwards, and not for every message.
const EVERY = 1000

export class Reading {
  // `put` answers whether it could be sent.
  constructor({ put }) {
    this.put = put
    this.told = 0
    this.seen = 0
  }

  reach(seq) {
    this.seen = Math.max(this.seen, seq)
    if (this.seen > this.told) this.timer ??= setTimeout(() => this.send(), this.told ? EVERY : 0)
  }

  // The person has marked the room unread, here or elsewhere: it stays so until it is opened again.
  hold() {
    this.isHeld = true
  }

  send() {
    this.timer = null
    if (this.isHeld) return
    if (this.seen > this.told && this.put({ op: "read", seq: this.seen })) this.told = this.seen
  }
}
