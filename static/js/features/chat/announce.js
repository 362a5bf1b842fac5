// What a screen reader is told of: new messages of others, and once that one's own has been sent.
const ENOUGH = 5 // one after the other; more at once are counted
const STAYS = 10_000 // milliseconds: what is hidden later must not stay here

export class Announcer {
  constructor(log) {
    this.log = log
    this.waiting = []
  }

  // Told together what comes together, after a cut for example.
  tell(words) {
    if (document.documentElement.dataset.announce === "off") return // a setting of the person's
    this.waiting.push(words)
    if (this.waiting.length > 1) return
    setTimeout(() => {
      const all = this.waiting.splice(0)
      if (all.length > ENOUGH) this.say(`${all.length} new messages`)
      else all.forEach((one) => this.say(one))
    }, 100)
  }

  say(words) {
    const row = document.createElement("p")
    row.textContent = words
    this.log.append(row)
    setTimeout(() => row.remove(), STAYS)
  }
}
