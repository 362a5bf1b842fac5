// The one line to the server: opens, listens for its pulse, comes back by itself. Knows nothing of rooms.
const PROTOCOL = "portal.v1"
const SOONEST = 500, LATEST = 30_000 // milliseconds between two tries
const PATIENCE = 10_000 // for the line to open, and to stay open before it counts as good
const FINAL = [1003, 1007, 1008, 1009, 4401, 4403, 4429] // coming back would not help

export class Connection {
  // `up` when the line is open, `hear` for each frame, `down` when it is lost, `over` when it is not tried again.
  constructor(path, { up, hear, down, over }) {
    this.url = new URL(path, location.href.replace(/^http/, "ws"))
    Object.assign(this, { up, hear, down, over })
    this.tries = 0
    this.beatEvery = 15
    this.signals = new AbortController()
    const { signal } = this.signals
    addEventListener("online", () => this.wake(), { signal })
    addEventListener("offline", () => this.socket && this.lost(1006), { signal })
    document.addEventListener("visibilitychange", () => this.wake(), { signal })
  }

  open() {
    clearTimeout(this.retry)
    const socket = this.socket = new WebSocket(this.url, PROTOCOL)
    socket.onopen = () => {
      this.openedAt = Date.now()
      this.alive()
      this.up()
    }
    socket.onmessage = ({ data }) => {
      this.alive()
      this.hear(JSON.parse(data))
    }
    socket.onclose = ({ code }) => this.lost(code)
    this.expect(PATIENCE)
  }

  put(frame) {
    const open = this.socket?.readyState === WebSocket.OPEN
    if (open) this.socket.send(JSON.stringify(frame))
    return open
  }

  stop() {
    this.stopped = true
    this.signals.abort()
    this.forget()
  }

  // Two beats missed mean a dead link, whatever the browser believes.
  alive() {
    this.heardAt = Date.now()
    this.expect(2.2 * 1000 * this.beatEvery)
  }

  expect(within) {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => this.lost(1006), within)
  }

  lost(code) {
    this.forget()
    if (FINAL.includes(code)) {
      this.stop()
      this.over(code)
      return
    }
    if (Date.now() - this.openedAt > PATIENCE) this.tries = 0
    this.openedAt = Infinity
    const most = Math.min(LATEST, SOONEST * 2 ** this.tries++)
    this.retry = setTimeout(() => this.open(), SOONEST + Math.random() * (most - SOONEST))
    this.down()
  }

  // Back from sleep or from having no network: no reason to wait.
  wake() {
    if (this.stopped || document.visibilityState === "hidden") return
    if (this.socket && Date.now() - this.heardAt > 2000 * this.beatEvery) this.lost(1006)
    if (this.socket) return
    this.tries = 0
    this.open()
  }

  forget() {
    clearTimeout(this.silence)
    clearTimeout(this.retry)
    if (!this.socket) return
    this.socket.onopen = this.socket.onmessage = this.socket.onclose = null
    this.socket.close()
    this.socket = null
  }
}
