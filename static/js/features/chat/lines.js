// One message as a node: made from the template the server printed, filled with what a frame says. What chat/lines.py
// and _message.html decide for the page, this decides for what comes after it; change them together.
import { element, note } from "./nodes.js"

const NOBODY = /00000000-0000-0000-0000-000000000000/
const TINTS = 8
const FRESH = 15 * 60_000 // how long a message may be changed
const GONE = { removed: "Taken back by the person who wrote it.", hidden: "Hidden by a facilitator." }
const EXCERPT = 120

export class Lines {
  // `deeds`: what stands in the menu of a message; `kinds`: reaction -> its words.
  constructor({ template, deeds, you, facilitators, days, kinds }) {
    Object.assign(this, { template, deeds, you, facilitators, days, kinds })
  }

  // A node for a message that has none yet.
  make(message) {
    const line = this.template.content.firstElementChild.cloneNode(true)
    this.fill(line, message)
    return line
  }

  // One's own message before the server has it. What is typed is text, never markup.
  sketch({ key, body, reply, at, picture }, name) {
    const line = this.make({
      id: key, author: { id: this.you, name }, sent_at: at, reply_to: reply, state: "shown", body: "", html: "",
    })
    line.removeAttribute("data-seq")
    line.id = `waiting-${key}`
    line.dataset.key = key
    const words = body.split("\n").flatMap((row) => [document.createElement("br"), row]).slice(1)
    const paragraph = document.createElement("p")
    paragraph.append(...words)
    line.querySelector(".message-text").replaceChildren(paragraph)
    note(line, "picture", picture ? `With a picture: ${picture.alt}` : "")
    return line
  }

  fill(line, message) {
    const { id, author, state, pinned } = message
    const at = new Date(message.sent_at)
    line.id = `message-${id}`
    line.removeAttribute("aria-label") // it may say what is hidden now
    Object.assign(line.dataset, { seq: message.seq, author: author.id, state })
    if (message.body && Date.now() - at < FRESH) line.dataset.body = message.body
    else delete line.dataset.body
    line.toggleAttribute("data-pinned", Boolean(pinned))
    line.querySelector("b").textContent = author.name
    line.querySelector("time").dateTime = message.sent_at
    line.querySelector("time").textContent = this.days.clock(at)
    this.fillFace(line.querySelector(".avatar"), author)
    this.fillRole(line, author)
    this.fillWords(line, message)
    this.foldMenu(line, message)
    this.fillPicture(line, message)
    this.fillReactions(line, message)
    note(line, "changed", message.edited_at && message.html ? "Changed" : "")
    note(line, "picture", "")
    note(line, "held", state === "held" ? "A facilitator will look at this first" : "")
    this.claim(line)
  }

  // Marks one's own on the page as it came; the server has marked what names the reader.
  claimAll(list) {
    for (const line of list.querySelectorAll(`:scope > .message[data-author="${this.you}"]`)) line.classList.add("mine")
    for (const one of list.querySelectorAll(`.reaction[data-who*="${this.you}"]`)) one.classList.add("own")
  }

  // Marks one's own.
  claim(line) {
    line.classList.toggle("mine", line.dataset.author === this.you)
    line.classList.toggle("message-for-me", Boolean(line.querySelector(`.mention[data-who="${this.you}"]`)))
    for (const one of line.querySelectorAll(".reaction")) one.classList.toggle("own", one.dataset.who.includes(this.you))
  }

  fillFace(face, { id, name }) {
    face.className = `avatar avatar-${parseInt(id.slice(-1), 16) % TINTS} avatar-small`
    face.textContent = name.split(/\s+/).slice(0, 2).map(([first]) => first ?? "").join("").toUpperCase() || "?"
  }

  fillRole(line, { id }) {
    const role = line.querySelector(".message-role")
    if (!this.facilitators.includes(id)) role?.remove()
    else if (!role) line.querySelector("b").after(" ", element("span", "message-role", "Facilitator"))
  }

  fillWords(line, { html, reply_to: reply, state }) {
    const bubble = line.querySelector(".bubble")
    const text = line.querySelector(".message-text")
    if (GONE[state]) text.replaceChildren(element("p", "", GONE[state]))
    else if (text.innerHTML !== html) text.innerHTML = html // made safe by the server
    bubble.querySelector(".message-quote")?.remove()
    if (!reply || GONE[state]) return
    const quote = element("a", "message-quote")
    quote.href = `?to=${reply.id}#message-${reply.id}`
    quote.append(element("b", "", reply.name), " ", element("span", "", quoted(reply.excerpt)))
    bubble.prepend(quote)
  }

  // Closed, a menu has one link, to the message's own page.
  foldMenu(line, { id, author }) {
    const [list, pattern] = [line, this.template.content].map((root) => root.querySelector(".menu-list"))
    const more = pattern.firstElementChild.cloneNode(true)
    more.href = more.getAttribute("href").replace(NOBODY, id)
    list.replaceChildren(more)
    if (author) line.querySelector("summary").ariaLabel = `More about this message by ${author.name}`
    if (line.querySelector(".menu").open) this.fillMenu(line)
  }

  // Open, it has all that can be done.
  fillMenu(line) {
    const { author, state, pinned } = line.dataset
    const links = this.deeds.content.cloneNode(true)
    const block = links.querySelector("[data-block]")
    if (author === this.you || this.facilitators.includes(author)) block?.remove()
    else block?.setAttribute("href", block.getAttribute("href").replace(NOBODY, author))
    const id = line.id.replace("message-", "")
    for (const link of links.children) link.href = link.getAttribute("href").replace(NOBODY, id)
    const [reply, sight, pin] = ["reply", "sight", "pin"].map((what) => links.querySelector(`[data-${what}]`))
    if (state !== "shown") reply?.remove()
    if (state !== "shown") pin?.remove()
    else if (pin && pinned !== undefined) pin.textContent = "Unpin"
    if (state === "removed") sight?.remove()
    if (sight && state !== "shown") {
      sight.textContent = "Show again"
      sight.href = sight.href.replace("/hidden/", "/shown/")
    }
    line.querySelector(".menu-list").replaceChildren(links)
  }

  fillPicture(line, { id, picture, state }) {
    let link = line.querySelector(".message-picture")
    if (!picture || GONE[state]) return link?.remove()
    if (link) return // it never changes
    const page = this.template.content.querySelector("[data-more]").getAttribute("href").replace(NOBODY, id)
    const shot = element("img")
    Object.assign(shot, { alt: picture.alt, width: picture.width, height: picture.height, loading: "lazy", src: `${page}picture/` })
    link = element("a", "message-picture")
    link.href = `${page}picture/`
    link.append(shot)
    line.querySelector(".bubble").append(link)
  }

  // Which there are; whose they are is told when it is asked for.
  fillReactions(line, { reactions = [] }) {
    let row = line.querySelector(".message-reacted")
    if (!reactions.length) return row?.remove()
    if (!row) {
      row = element("details", "message-reacted")
      row.append(element("summary"), element("ul"))
      row.lastChild.role = "list"
      line.querySelector(".menu").after(row)
    }
    const [summary, list] = row.children
    summary.replaceChildren(element("span", "hidden-words", "Reactions: "), ...reactions.flatMap(({ kind, people }) => {
      const one = element("span", "reaction", this.kinds.get(kind))
      one.dataset.who = people.map(({ id }) => `${id} `).join("")
      return [one, " "]
    }))
    list.replaceChildren(...reactions.map(({ kind, people }) => {
      const item = element("li")
      item.append(element("b", "", this.kinds.get(kind)), ` ${people.map(({ name }) => name).join(", ")}`)
      return item
    }))
  }
}

// Quotes say what the quoted message says now.
export function requote(list, { id, body, state }) {
  const words = state === "shown" ? excerpt(body) : ""
  for (const quote of list.querySelectorAll(`.message-quote[href$="#message-${id}"] span`)) {
    quote.textContent = quoted(words)
  }
}

export function excerpt(body) {
  const words = [...body.trim().split(/\s+/).join(" ")]
  return words.length <= EXCERPT ? words.join("") : `${words.slice(0, EXCERPT - 1).join("").trimEnd()}…`
}

function quoted(words) {
  return words || "This is not shown any more."
}
