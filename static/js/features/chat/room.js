// The room: brings together the line to the server, the list of messages and the place to write.
import { Announcer } from "./announce.js"
import { Composer } from "./composer.js"
import { Connection } from "./connection.js"
import { Days } from "./days.js"
import { Deeds } from "./deeds.js"
import { Drawing } from "./drawing.js"
import { endsReading, leaveRoom } from "./ending.js"
import { Feed } from "./feed.js"
import { Here } from "./here.js"
import { Keep } from "./keep.js"
import { whenLeaving } from "./leaving.js"
import { Lines } from "./lines.js"
import { List } from "./list.js"
import { Names } from "./names.js"
import { bringOlder } from "./older.js"
import { Outbox } from "./outbox.js"
import { Pins } from "./pins.js"
import { Reading } from "./read.js"
import { Rooms } from "./rooms.js"
import { Rove } from "./rove.js"
import { Scroll } from "./scroll.js"
import { fitAboveKeyboard } from "./viewport.js"

const CONFIRM = 64 // changes after which the server hears that they were shown, without waiting for its beat
const CALM = 5000 // milliseconds: a page does not load itself again sooner
const BRIEF = 1500 // a shorter cut is not spoken of
const OFFLINE = "No connection. What you write waits here and goes out by itself."
const SLOWER = "New messages come a little slower just now."
const STOPPED = "The live chat has stopped. Please load this page again."
const CROWDED = "The chat is open in many places just now. Close it where you do not need it, or load this page again later. You can still write."

class ChatRoom extends HTMLElement {
  connectedCallback() {
    const { socket, room, seq, you, zone, facilitators, older } = this.dataset
    const find = (css) => this.querySelector(css)
    const put = (frame) => this.put(frame)
    const isPast = "past" in this.dataset
    this.room = room
    this.beats = this.unconfirmed = 0

    const days = new Days(zone)
    const list = this.list = new List(find(".chat-list"), days)
    const reactions = find("template[data-reactions]").content.firstElementChild
    const kinds = new Map([...reactions.children].map((button) => [button.dataset.kind, button.textContent]))
    const lines = new Lines({ template: find("template[data-message]"), deeds: find("template[data-deeds]"), you, facilitators, days, kinds })
    const rove = this.rove = new Rove(list, { leave: () => find("textarea")?.focus() })
    const learn = (line) => {
      lines.claim(line)
      rove.learn(line)
    }
    lines.claimAll(list.root)
    rove.learnAll()
    const scroll = this.scroll = new Scroll(find(".chat-scroll"), list, find(".chat-jump button"), { moved: () => this.read() })
    list.root.addEventListener("click", (event) => bringOlder(event, { list, scroll, path: older, learn }))

    this.keep = new Keep(you, room)
    const announcer = new Announcer(find("[role=log]"))
    const drawing = this.drawing = new Drawing({ room: this, list, lines, pins: new Pins(find(".chat-pins")), scroll, announcer, learn, isPast })
    const outbox = this.outbox = new Outbox(this.keep, {
      put,
      changed: (entry) => drawing.entry(entry),
      back: ({ body, reply }) => this.composer?.take(body, reply),
    })
    drawing.outbox = outbox
    this.reading = isPast ? null : new Reading({ put })
    this.feed = new Feed(Number(seq), { show: (change) => this.show(change), ask: (from) => put({ op: "since", seq: from }) })

    this.others = new Rooms({ room, you, put: (frame) => this.connection?.put(frame), ask: () => this.greet({}) })

    this.here = new Here(find(".chat-writing"), put)
    if (find("form.composer")) {
      this.composer = new Composer(find("form.composer"), this.keep, {
        send: (body, reply) => outbox.add(body, reply),
        change: (message, body) => this.deeds.change(message, body),
      })
      find("textarea").addEventListener("input", () => this.here.write())
      new Names(find("textarea"), find(".composer-names"), this.dataset.people)
      this.composer.isPlain = isPast // what is written belongs to the end, which is not on this page
    }
    this.deeds = new Deeds({
      list, lines, scroll, put, reactions, you, composer: this.composer,
      say: (words) => this.composer?.fix(words), tell: (words) => announcer.say(words), hold: () => this.reading?.hold(),
    })

    outbox.entries.forEach((entry) => drawing.entry(entry))
    scroll.begin()
    fitAboveKeyboard()
    document.addEventListener("visibilitychange", () => this.read())
    whenLeaving(() => outbox.hurry())
    this.connection = new Connection(socket, {
      up: () => this.greet(this.seen),
      hear: (frame) => this.hear(frame),
      down: () => this.cut(),
      over: (code) => this.end(code),
    })
    this.connection.open()
  }

  disconnectedCallback() {
    this.connection.stop()
    this.outbox.shut()
  }

  // How far this page has shown each room it knows.
  get seen() {
    return { ...this.others.seen, [this.room]: this.feed.seq }
  }

  greet(rooms) {
    this.connection.put({ op: "hello", epoch: this.dataset.epoch, rooms })
  }

  put(frame) {
    return Boolean(this.connection?.put({ ...frame, room: this.room }))
  }

  hear(frame) {
    if (frame.room && frame.room !== this.room) return this.hearOther(frame)
    switch (frame.op) {
      case "welcome": return this.welcome(frame)
      case "change": return this.feed.take(frame)
      case "live": return this.live(frame)
      case "ok": return this.deeds.answer("ok", frame) || this.drawing.kept(frame)
      case "refused": return this.deeds.answer("refused", frame) || this.outbox.refused(frame.key, frame)
      case "beat": return this.beat(frame)
      case "rights": return this.allow(frame.may)
      case "typing": return this.here.writes(frame.people)
      case "presence": return this.here.are(frame.people)
      case "reset": return this.reload()
      case "closed": return this.end("closed")
      case "notify":
        if (frame.kind === "unread") return this.reading?.hold()
        return frame.kind === "slower" && this.say({ slower: frame.count ? SLOWER : "" })
    }
  }

  welcome({ beat_every: every, rooms }) {
    this.connection.beatEvery = every
    if (rooms[this.room]) this.allow(rooms[this.room].may)
    this.others.welcome(rooms)
  }

  hearOther(frame) {
    this.others.hear(frame)
    if (frame.op === "change" && ++this.unconfirmed >= CONFIRM) this.confirm()
  }

  live({ head }) {
    clearTimeout(this.soon)
    this.soon = null
    this.dataset.live = ""
    this.say({ cut: "" })
    this.feed.live(head)
    this.outbox.open()
    this.read()
  }

  show(change) {
    const { kind, message, who } = change
    if ((kind === "room.changed" && !message) || (kind === "member.left" && who?.gone)) return this.reload() // the page as the server draws it now says what it means
    this.drawing.change(change)
    this.here.said(change.message?.author?.id)
    this.rove.settle()
    this.read()
    if (++this.unconfirmed >= CONFIRM) this.confirm()
  }

  beat({ n, heads }) {
    this.beats = n
    this.confirm()
    this.feed.head(heads[this.room] ?? 0)
    this.others.heads(heads)
    this.list.nameDays()
    const here = this.querySelector("[data-until]")
    if (here && Date.now() >= here.dataset.until * 1000) here.remove()
  }

  confirm() {
    this.unconfirmed = 0
    this.connection.put({ op: "beat", n: this.beats, seen: this.seen })
  }

  read() {
    if (document.visibilityState === "visible" && this.scroll.isAtEnd) this.reading?.reach(this.feed.seq)
  }

  cut() {
    delete this.dataset.live
    this.outbox.shut()
    this.deeds.lose()
    this.here.are([])
    this.soon ??= setTimeout(() => this.say({ cut: OFFLINE }), navigator.onLine ? BRIEF : 0)
  }

  // Rights have changed: the page as the server draws it now says how.
  allow(may) {
    if (may.join(" ") !== this.dataset.may) this.reload()
  }

  reload() {
    setTimeout(() => location.reload(), Math.max(0, CALM - performance.now()))
  }

  end(why) {
    this.connection.stop()
    this.outbox.shut()
    if (endsReading(why)) {
      if (why !== 4401) this.keep.forget()
      leaveRoom(why, !this.keep.isEmpty)
    } else {
      if (this.composer) this.composer.isPlain = true
      this.say({ cut: why === 4429 ? CROWDED : STOPPED })
    }
  }

  // One line above the place to write, for what is wrong with the connection; "" takes words back.
  say(words) {
    this.words = { ...this.words, ...words }
    this.querySelector(".chat-link").textContent = this.words.cut || this.words.slower || ""
  }
}

customElements.define("chat-room", ChatRoom)
