// The room: brings together the line to the server, the list of messages and the place to write.
import { Announcer } from "./announce.js"
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
import { Link } from "./link.js"
import { List } from "./list.js"
import { bringOlder } from "./older.js"
import { Outbox } from "./outbox.js"
import { Pins } from "./pins.js"
import { Reading } from "./read.js"
import { Receipts } from "./receipts.js"
import { Refresh } from "./refresh.js"
import { Rooms } from "./rooms.js"
import { Rove } from "./rove.js"
import { Scroll } from "./scroll.js"
import { upload } from "./upload.js"
import { fitAboveKeyboard } from "./viewport.js"
import { Writing } from "./writing.js"

const CALM = 5000 // milliseconds: a page does not load itself again sooner

class ChatRoom extends HTMLElement {
  connectedCallback() {
    const { socket, room, seq, you, zone, facilitators, older } = this.dataset
    const find = (css) => this.querySelector(css)
    const put = (frame) => this.put(frame)
    const isPast = "past" in this.dataset
    this.room = room
    this.receipts = new Receipts({ put: (frame) => this.connection.put(frame), seen: () => this.seen })

    const days = new Days(zone)
    const list = this.list = new List(find(".chat-list"), days)
    const reactions = find("template[data-reactions]").content.firstElementChild
    const kinds = new Map([...reactions.children].map((button) => [button.dataset.kind, button.textContent]))
    const lines = this.lines = new Lines({ template: find("template[data-message]"), deeds: find("template[data-deeds]"), you, facilitators, days, kinds })
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
    this.link = new Link(find(".chat-link"))
    const announcer = new Announcer(find("[role=log]"))
    const drawing = this.drawing = new Drawing({ room: this, list, lines, pins: new Pins(find(".chat-pins")), scroll, announcer, learn, isPast })
    const outbox = this.outbox = new Outbox(this.keep, {
      put,
      post: (entry, answer) => upload(writing.form, entry, answer),
      changed: (entry) => {
        drawing.entry(entry)
        if (this.mustLoad && !outbox.isCarrying) this.reload()
      },
      kept: (frame) => drawing.kept(frame),
      back: ({ body, reply, picture, lost }) => writing.take(body, reply, picture ?? lost),
    })
    drawing.outbox = outbox
    this.reading = isPast ? null : new Reading({ put })
    this.feed = new Feed(Number(seq), { show: (change) => this.show(change), ask: (from) => put({ op: "since", seq: from }) })

    this.others = new Rooms({ room, you, put: (frame) => this.connection?.put(frame), ask: () => this.greet({}) })

    this.here = new Here(find(".chat-writing"), put)
    const writing = this.writing = new Writing({
      keep: this.keep,
      people: this.dataset.people,
      isPlain: isPast, // what is written belongs to the end, which is not on this page
      typed: () => this.here.write(),
      send: (body, reply, picture) => outbox.add(body, reply, picture),
      change: (message, body) => this.deeds.change(message, body),
    })
    if (find("form.composer")) writing.open(find("form.composer"))
    this.deeds = new Deeds({
      list, lines, scroll, put, reactions, you, writing,
      say: (words) => writing.fix(words), tell: (words) => announcer.say(words), hold: () => this.reading?.hold(),
    })
    this.refresh = new Refresh(this, {
      drawn: () => this.redraw(learn),
      opened: (form) => writing.open(form),
      closed: () => writing.close(),
      say: (words) => announcer.say(words),
      reload: () => this.reload(),
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

  // What may be done with messages is another thing now.
  redraw(learn) {
    this.lines.facilitators = this.dataset.facilitators
    for (const line of this.list.messages) {
      if (line.dataset.key || line.querySelector(".menu").open) continue // an open menu is folded when it closes
      this.lines.foldMenu(line, { id: line.id.replace("message-", "") })
      learn(line)
    }
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
        return frame.kind === "slower" && this.link.slow(frame.count)
    }
  }

  welcome({ beat_every: every, rooms }) {
    this.connection.beatEvery = every
    if (rooms[this.room]) this.allow(rooms[this.room].may)
    this.others.welcome(rooms)
  }

  hearOther(frame) {
    this.others.hear(frame)
    if (frame.op === "change") this.receipts.count()
  }

  live({ head }) {
    this.dataset.live = ""
    this.link.live()
    this.refresh.live()
    this.feed.live(head)
    this.outbox.open()
    this.read()
  }

  show(change) {
    const { kind, message, who } = change
    if (kind === "member.left" && who?.gone) return this.reload() // another name wherever theirs stands
    if (kind === "room.changed" && !message) this.refresh.ask()
    this.drawing.change(change)
    this.here.said(change.message?.author?.id)
    this.rove.settle()
    this.read()
    this.receipts.count()
  }

  beat({ n, heads }) {
    this.receipts.beat(n)
    this.feed.head(heads[this.room] ?? 0)
    this.others.heads(heads)
    this.list.nameDays()
    const here = this.querySelector("[data-until]")
    if (here && Date.now() >= here.dataset.until * 1000) here.remove()
  }

  read() {
    if (document.visibilityState === "visible" && this.scroll.isAtEnd) this.reading?.reach(this.feed.seq)
  }

  cut() {
    delete this.dataset.live
    this.outbox.shut()
    this.deeds.lose()
    this.here.are([])
    this.link.cut()
  }

  // Rights have changed: the page as the server draws it now says how.
  allow(may) {
    if (may.join(" ") !== this.dataset.may) this.refresh.ask()
  }

  reload() {
    this.mustLoad = true
    if (this.outbox.isCarrying) return // a picture that is on its way is nowhere but here
    setTimeout(() => location.reload(), Math.max(0, CALM - performance.now()))
  }

  end(why) {
    this.connection.stop()
    this.outbox.shut()
    if (endsReading(why)) {
      if (why !== 4401) this.keep.forget()
      leaveRoom(why, !this.keep.isEmpty)
    } else {
      this.writing.bePlain()
      this.link.end(why)
    }
  }
}

customElements.define("chat-room", ChatRoom)
