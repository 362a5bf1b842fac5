// The room has opened, closed or slowed down, or its person may do something else in it. The page as the server draws it
// now is fetched, and what differs is put in place. What is typed, chosen, read or gone to stays as it is.
import { element } from "./nodes.js"

const BY_ITSELF = { "X-Asked-By": "page" } // nobody has done anything: the session does not last on for it
const AGAIN = "You can write here again."
const USUAL = "You can write as usual again."
const KEPT = "What you had begun to write is kept."

export class Refresh {
  // `drawn` is told once rights and templates are new, `opened` of a form to write with, `closed` that there is none and
  // answers whether something was begun in it; `say` reads words out, `reload` is the way out.
  constructor(room, { drawn, opened, closed, say, reload }) {
    Object.assign(this, { room, drawn, opened, closed, say, reload })
  }

  // Several reasons at once are one.
  async ask() {
    this.isWanted = true
    if (this.isAsking) return
    this.isAsking = true
    while (this.isWanted) {
      this.isWanted = false
      const page = await this.fetch()
      if (page) this.show(page)
      this.isMissed = page === null
    }
    this.isAsking = false
  }

  // The line is back: what could not be fetched is fetched now.
  live() {
    if (this.isMissed) this.ask()
  }

  // The page, or null without a network. Whatever is out of the ordinary is left to the browser.
  async fetch() {
    try {
      const answer = await fetch(location.pathname, { headers: BY_ITSELF })
      const page = new DOMParser().parseFromString(await answer.text(), "text/html")
      const isSame = page.querySelector("chat-room")?.dataset.room === this.room.dataset.room
      return answer.ok && isSame ? page : this.reload()
    } catch {
      return null
    }
  }

  show(page) {
    const fresh = page.querySelector("chat-room")
    for (const name of ["may", "facilitators"]) this.room.dataset[name] = fresh.dataset[name]
    for (const css of ["template[data-message]", "template[data-deeds]"]) {
      this.room.querySelector(css).innerHTML = fresh.querySelector(css).innerHTML
    }
    this.drawn()
    put(this.room.querySelector(".chat-watch"), fresh.querySelector(".chat-watch"))
    const [aside, here] = [page.querySelector(".aside"), document.querySelector(".chat-here")]
    aside?.querySelector(".chat-here")?.replaceWith(here.cloneNode(true)) // who is here is the script's to say
    put(document.querySelector(".aside"), aside)
    this.write(this.room.querySelector(".chat-foot"), fresh.querySelector(".chat-foot"))
  }

  // The place to write. A form that goes is put away whole, with the caret and the picture in it, until it comes back.
  write(foot, fresh) {
    const [form, next] = [foot, fresh].map((one) => one.querySelector("form.composer"))
    if (form && next) return this.rule(form, next)
    const after = [...fresh.children].slice(2)
    const [gone, had] = [[...foot.children].slice(2), foot.contains(document.activeElement)]
    const before = this.stands ?? drawn(gone)
    this.stands = drawn(after)
    if (!form && !next && before === this.stands) return
    gone.forEach((one) => one.remove())
    if (next) {
      const open = this.parked ?? next
      this.parked = null
      foot.append(open)
      if (open !== next) this.rule(open, next, { quietly: true })
      this.opened(open)
      this.tell(had ? open.querySelector("textarea") : null, `${AGAIN} ${ruleOf(open)}`)
      return
    }
    if (form) this.parked = form
    foot.append(...after)
    const [notice] = after
    if (this.closed(form)) notice.querySelector(".notice-words").append(element("p", "", KEPT))
    notice.tabIndex = -1
    this.tell(had ? notice : null, [...notice.querySelectorAll("p")].map(sentence).join(" "))
  }

  // What stands below the form: how often one may write, and who reads it.
  rule(form, next, { quietly = false } = {}) {
    const [rule, fresh] = [form, next].map((one) => one.querySelector(".composer-rule"))
    const [pictures, offered] = [form, next].map((one) => one.querySelector(".composer-picture"))
    if (pictures && !offered) pictures.remove()
    const isOther = rule.textContent !== fresh.textContent
    rule.textContent = fresh.textContent
    if (isOther && !quietly) this.say(ruleOf(form) || USUAL)
  }

  // Said once: by going there, where one was in what has gone; else to a screen reader alone.
  tell(spot, words) {
    if (spot) spot.focus({ preventScroll: true })
    else this.say(words.trim())
  }
}

function drawn(parts) {
  return parts.map((one) => one.outerHTML).join("")
}

function sentence({ textContent: words }) {
  return words.trim().replace(/[^.?!]$/, "$&.")
}

function ruleOf(form) {
  return form.querySelector(".composer-rule").textContent.trim()
}

// In the place of the old one, with the focus on the same link.
function put(old, fresh) {
  if (!old || !fresh || old.isEqualNode(fresh)) return
  const at = old.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null
  old.replaceWith(fresh)
  if (at) [...fresh.querySelectorAll("a")].find((link) => link.getAttribute("href") === at)?.focus({ preventScroll: true })
}
