// A room's numbered changes: each is shown once and in order; what was missed is asked for.
export class Feed {
  // `show` takes a change, `ask` a number after which everything is wanted.
  constructor(seq, { show, ask }) {
    this.seq = seq
    this.show = show
    this.ask = ask
    this.asked = false
  }

  take(change) {
    if (change.seq <= this.seq) return // a repeat
    if (change.seq > this.seq + 1) return this.want() // a gap
    this.seq = change.seq
    this.asked = false
    this.show(change)
  }

  // Somebody says where the room stands.
  head(seq) {
    if (seq > this.seq) this.want()
  }

  live(head) {
    this.asked = false
    this.head(head)
  }

  want() {
    if (this.asked) return
    this.asked = true
    this.ask(this.seq)
  }
}
