// One line above the place to write, for what is wrong with the way to the server.
const BRIEF = 1500 // a shorter cut is not spoken of
const OFFLINE = "No connection. What you write waits here and goes out by itself."
const SLOWER = "New messages come a little slower just now."
const STOPPED = "The live chat has stopped. Please load this page again."
const CROWDED = "The chat is open in many places just now. Close it where you do not need it, or load this page again later. You can still write."

export class Link {
  constructor(line) {
    this.line = line
  }

  cut() {
    this.soon ??= setTimeout(() => this.say(OFFLINE), navigator.onLine ? BRIEF : 0)
  }

  live() {
    clearTimeout(this.soon)
    this.soon = null
    this.say("")
  }

  slow(isSlow) {
    this.slower = isSlow ? SLOWER : ""
    this.say(this.words)
  }

  // It is not tried again.
  end(code) {
    clearTimeout(this.soon)
    this.say(code === 4429 ? CROWDED : STOPPED)
  }

  say(words = "") {
    this.words = words
    this.line.textContent = words || this.slower || ""
  }
}
