// What a message's menu does with the script awake: react, reply in place, change and take back one's own.
import { excerpt } from "./lines.js"
import { element } from "./nodes.js"

const EDIT = 15 * 60_000
const CUT_OFF = "There is no connection just now. Please try again in a moment."

export class Deeds {
  // `put` sends a frame and answers whether it could; `say` shows words beside the field, `tell` reads them out.
  // `hold` keeps the page from reading on by itself.
  constructor({ list, lines, scroll, writing, reactions, you, put, say, tell, hold }) {
    Object.assign(this, { list, lines, scroll, writing, reactions, you, put, say, tell, hold })
    this.open = new Map() // key -> what to do when it is answered
    this.dialog = document.getElementById("take-back")
    list.root.addEventListener("toggle", ({ target }) => target.matches(".menu") && this.turn(target), true)
    list.root.addEventListener("click", (event) => this.press(event))
    this.dialog.querySelector("[data-yes]").addEventListener("click", () => this.takeBack())
    this.dialog.addEventListener("close", () => this.line.focus({ preventScroll: true })) // what opened it is folded away
  }

  turn(menu) {
    const line = menu.closest(".message")
    if (menu.open) this.unfold(menu, line)
    else this.lines.foldMenu(line, { id: this.id(line) })
  }

  unfold(menu, line) {
    const items = menu.querySelector(".menu-list")
    const isEntered = items.contains(document.activeElement)
    this.lines.fillMenu(line)
    const isOwn = line.classList.contains("mine")
    items.querySelector("[data-report]").hidden = isOwn
    if (this.writing.composer && !isOwn && line.dataset.state === "shown") items.prepend(this.offer(line))
    if (isOwn && this.writing.composer && line.dataset.body && this.age(line) < EDIT) items.append(button("Change", "change"))
    if (isOwn && line.dataset.state !== "removed" && line.dataset.state !== "hidden") {
      items.append(button("Take back", "takeBack"))
    }
    if (line.dataset.seq) items.append(button("Mark unread from here", "markUnread"))
    if (navigator.clipboard) items.append(button("Copy a link to it", "copyLink"))
    if (isEntered) items.querySelector("button, a:not([hidden])")?.focus()
    const box = this.scroll.box.getBoundingClientRect()
    const at = menu.getBoundingClientRect()
    menu.classList.toggle("menu-start", at.left + items.offsetWidth < box.right)
    const [above, below] = [at.top - box.top, box.bottom - at.bottom]
    menu.classList.toggle("menu-up", below < items.offsetHeight && above > below)
    items.style.setProperty("--free", `${Math.floor(Math.max(above, below))}px`)
  }

  // The reactions to choose from; those one has given are pressed.
  offer(line) {
    const offered = this.reactions.cloneNode(true)
    const own = [...line.querySelectorAll(".reaction.own")].map((one) => one.textContent)
    for (const button of offered.children) button.ariaPressed = String(own.includes(button.textContent))
    return offered
  }

  press(event) {
    const line = event.target.closest(".message")
    const quote = event.target.closest(".message-quote")
    const deed = event.target.closest("[data-deed]")?.dataset.deed
    const reaction = event.target.closest("[data-kind]")
    if (event.ctrlKey || event.metaKey || event.shiftKey || !line) return
    if (quote) {
      const quoted = this.list.find(new URLSearchParams(quote.search).get("to"))
      if (!quoted) return
      event.preventDefault()
      this.scroll.show(quoted)
      quoted.focus({ preventScroll: true })
    } else if (event.target.closest("[data-reply]") && this.writing.composer) {
      event.preventDefault()
      line.querySelector("details").open = false
      this.writing.composer.reply({ id: this.id(line), name: line.querySelector("b").textContent, excerpt: excerpt(text(line)) })
    } else if (reaction) {
      line.querySelector("details").open = false
      this.react(line, reaction)
    } else if (deed) {
      line.querySelector("details").open = false
      this.line = line
      if (deed === "copyLink") this.copyLink(line)
      else if (deed === "markUnread") this.markUnread(line)
      else if (deed === "change") this.writing.composer.edit({ id: this.id(line), body: line.dataset.body })
      else this.dialog.showModal()
    }
  }

  markUnread(line) {
    if (!this.put({ op: "unread", seq: Number(line.dataset.seq) })) return this.say(CUT_OFF)
    this.hold()
    this.list.divide(line)
    this.tell("It is new again from here")
    line.focus({ preventScroll: true })
  }

  // Opaque ids only: whoever is not in the room finds nothing behind it.
  async copyLink(line) {
    const link = new URL(`?to=${this.id(line)}#${line.id}`, location.href.split("?")[0])
    await navigator.clipboard.writeText(link.href).then(() => this.tell("The link is copied"), () => this.say("The link could not be copied."))
    line.focus({ preventScroll: true })
  }

  react(line, { dataset: { kind }, ariaPressed, textContent: words }) {
    const on = ariaPressed !== "true"
    this.act({ op: "react", message: this.id(line), kind, on }, {
      ok: () => this.tell(on ? `You reacted: ${words}` : `You took back: ${words}`),
      refused: ({ text }) => this.say(text),
    })
    line.focus({ preventScroll: true })
  }

  takeBack() {
    this.act({ op: "remove", message: this.id(this.line) }, { refused: ({ text: words }) => this.say(words) })
  }

  change({ id }, body) {
    this.act({ op: "edit", message: id, body }, {
      ok: () => this.writing.composer?.stop(),
      refused: ({ text: words }) => this.say(words),
    })
  }

  act(frame, answers) {
    const key = crypto.randomUUID()
    this.open.set(key, answers)
    if (!this.put({ ...frame, key })) this.answer("refused", { key, text: CUT_OFF })
  }

  // An answer of the server; true if it was about one of these.
  answer(how, frame) {
    const answers = this.open.get(frame.key)
    this.open.delete(frame.key)
    answers?.[how]?.(frame)
    return Boolean(answers)
  }

  // The line was lost: nobody knows what became of these. They can be asked for again.
  lose() {
    for (const key of [...this.open.keys()]) this.answer("refused", { key, text: CUT_OFF })
  }

  id(line) {
    return line.id.replace("message-", "")
  }

  age(line) {
    return Date.now() - new Date(line.querySelector("time").dateTime)
  }
}

export function text(line) {
  return line.querySelector(".message-text").textContent.trim()
}

function button(words, deed) {
  const made = element("button", "", words)
  made.type = "button"
  made.dataset.deed = deed
  return made
}
