// The room: brings together the line to the server, the list of messages and the place to write.
import { Connection } from "./connection.js"
import { Conversation } from "./conversation.js"
import { Deeds } from "./deeds.js"
import { endsReading, leaveRoom } from "./ending.js"
import { Feed } from "./feed.js"
import { Here } from "./here.js"
import { Keep } from "./keep.js"
import { whenLeaving } from "./leaving.js"
import { Link } from "./link.js"
import { Outbox } from "./outbox.js"
import { Reading } from "./read.js"
import { Receipts } from "./receipts.js"
import { Refresh } from "./refresh.js"
import { Rooms } from "./rooms.js"
import { upload } from "./upload.js"
import { fitAboveKeyboard } from "./viewport.js"
import { Writing } from "./writing.js"

const CALM = 5000 // milliseconds: a page does not load itself again sooner

class ChatRoom extends HTMLElement {
  connectedCallback() {
    const { socket, room, seq, you } = this.dataset
    const find = (css) => this.querySelector(css)
    const put = (frame) => this.put(frame)
    const isPast = "past" in this.dataset
    this.room = room
    this.receipts = new Receipts({ put: (frame) => this.connection.put(frame), seen: () => this.seen })

    const conversation = new Conversation(this, { isPast, moved: () => this.read() })
    const { list, lines, scroll, drawing, reactions } = conversation
    Object.assign(this, { conversation, scroll, drawing })
    const say = (words) => conversation.say(words)

    this.keep = new Keep(you, room)
    this.link = new Link(find(".chat-link"))
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
      say: (words) => writing.fix(words), tell: say, hold: () => this.reading?.hold(),
    })
    this.refresh = new Refresh(this, {
      drawn: () => conversation.allow(this.dataset.facilitators),
      opened: (form) => writing.open(form),
      closed: () => writing.close(),
      say,
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
    this.conversation.rove.settle()
    this.read()
    this.receipts.count()
  }

  beat({ n, heads }) {
    this.receipts.beat(n)
    this.feed.head(heads[this.room] ?? 0)
    this.others.heads(heads)
    this.conversation.list.nameDays()
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
