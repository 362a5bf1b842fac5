// What this tab keeps of unsent words, so that a reload loses none: in sessionStorage, which ends with the tab, and
// for one person only. Never anywhere that stays on the device.
const NAME = "unsent"

export class Keep {
  constructor(you, room) {
    this.you = you
    this.room = room
    this.all = { you, rooms: {} }
    try {
      const kept = JSON.parse(sessionStorage.getItem(NAME))
      if (kept?.you === you) this.all = kept
    } catch { /* nothing that could be read */ }
    this.write() // what somebody else left behind goes
  }

  // Whether something is left to send or to finish; another tab may have signed out and taken it.
  get isEmpty() {
    const { outbox, draft } = this.all.rooms[this.room] ?? {}
    return !sessionStorage.getItem(NAME) || !(outbox?.length || draft?.text)
  }

  get(what) {
    return this.all.rooms[this.room]?.[what]
  }

  set(what, value) {
    const kept = (this.all.rooms[this.room] ??= {})
    kept[what] = value
    this.write()
  }

  forget() {
    delete this.all.rooms[this.room]
    this.write()
  }

  write() {
    try {
      sessionStorage.setItem(NAME, JSON.stringify(this.all))
    } catch { /* no storage here: the page itself still has it */ }
  }
}
