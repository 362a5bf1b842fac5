// The window on the messages. It is drawn from its end upwards (see chat.css): at the end its scrollTop is 0.
const NEAR = 100 // pixels from the end within which it follows

export class Scroll {
  // `moved` hears whether the end is in sight.
  constructor(box, list, jump, { moved }) {
    Object.assign(this, { box, list, jump, moved })
    this.unseen = []
    box.addEventListener("scroll", () => this.look(), { passive: true })
    jump.addEventListener("click", () => this.toEnd())
  }

  get isAtEnd() {
    return Math.abs(this.box.scrollTop) < NEAR
  }

  // Changes the list without moving what is being read.
  steady(change) {
    const top = this.box.getBoundingClientRect().top
    const held = this.isAtEnd ? null : this.list.messages.find((line) => line.getBoundingClientRect().bottom > top)
    const before = held?.getBoundingClientRect().top
    change()
    if (held?.isConnected) this.box.scrollTop += held.getBoundingClientRect().top - before
    else if (!held) this.box.scrollTop = 0
    this.look()
  }

  // Somebody said something further down than one reads.
  count(line) {
    if (this.isAtEnd) return
    this.unseen.push(line)
    this.look()
  }

  look() {
    if (this.isAtEnd) this.unseen = []
    const count = this.unseen.length
    this.jump.hidden = this.isAtEnd
    this.jump.lastElementChild.textContent = count ? `${count} new message${count > 1 ? "s" : ""}` : "To the end"
    this.moved(this.isAtEnd)
  }

  toEnd() {
    const line = this.unseen[0] ?? this.list.messages.at(-1)
    if (document.activeElement === this.jump) line?.focus({ preventScroll: true })
    this.box.scrollTop = 0
  }

  // Where reading goes on: what the address names, the first new message, or the end.
  begin() {
    const spot = (location.hash.startsWith("#message-") && document.querySelector(location.hash))
      || this.list.root.querySelector(".chat-new")
    if (spot) this.show(spot)
    if (spot?.matches(".message")) spot.focus({ preventScroll: true })
    this.look()
  }

  show(spot) {
    const [box, row] = [this.box.getBoundingClientRect(), spot.getBoundingClientRect()]
    this.box.scrollTop += row.top - box.top - box.height / 5
  }
}
