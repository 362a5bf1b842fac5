// Where one writes. It keeps what is typed, grows with it, and hands it on; without a script it is a plain form.
import { Picture } from "./picture.js"

const NEARLY = 200 // letters left, from where they are counted
const REPLY = "Reply to "
const PICTURE_OFFLINE = "There is no connection, so the picture cannot go out yet. Your words and the picture stay here."
const FINE = matchMedia("(hover: hover) and (pointer: fine)") // a real keyboard, most likely

export class Composer {
  // `send` takes a text, what it answers and a picture; `change` a message and its new text.
  constructor(form, keep, { send, change }) {
    Object.assign(this, { form, keep, send, change })
    this.box = form.querySelector("textarea")
    this.about = form.querySelector(".composer-about")
    this.wrong = form.querySelector(".field-error")
    this.left = form.querySelector(".composer-left")
    this.picture = new Picture(form)
    form.querySelector(".composer-keys").hidden = !this.enterSends
    form.addEventListener("submit", (event) => this.submit(event))
    form.querySelector("[type=submit]").addEventListener("mousedown", (event) => event.preventDefault()) // keeps the keyboard up
    this.about.querySelector("[data-stop]").addEventListener("click", (event) => this.stop(event))
    this.box.addEventListener("input", () => this.typed())
    this.box.addEventListener("keydown", (event) => this.press(event))
    if (!this.about.hidden) this.answered = this.drawn()
    if (this.box.value || this.answered) this.store()
    else this.restore()
  }

  // A setting of the person's; as long as they chose none, as their device suggests.
  get enterSends() {
    const { enter } = document.documentElement.dataset
    return enter === "sends" || (enter !== "breaks" && FINE.matches)
  }

  press(event) {
    if (event.isComposing) return
    if (event.key === "Enter" && !event.shiftKey && this.enterSends) {
      event.preventDefault()
      this.form.requestSubmit()
    } else if (event.key === "Escape" && !this.about.hidden) {
      this.stop(event)
    }
  }

  submit(event) {
    const picture = this.picture.chosen
    if (this.isPlain && (navigator.onLine || !picture)) return this.keep.set("draft", {})
    event.preventDefault()
    if (this.isPlain) return this.fix(PICTURE_OFFLINE)
    const text = this.box.value.trim()
    if (picture && !this.changing) {
      const [words, spot] = this.picture.wrong(text) ?? []
      if (words) return this.fix(words, spot)
    } else if (!text) {
      return this.box.focus()
    }
    if (this.changing) {
      this.change(this.changing, text)
    } else {
      this.send(text, this.answered ?? null, picture)
      this.clear()
    }
    this.box.focus()
  }

  reply(message) {
    this.restoreIfChanging()
    this.answered = message
    this.show(REPLY + message.name, message.excerpt)
    this.store()
    this.box.focus()
  }

  // What was not sent after all comes back, before what was begun since.
  take(words, answered, picture) {
    this.restoreIfChanging()
    this.box.value = [words, this.box.value].filter(Boolean).join("\n")
    this.answered = answered
    if (answered) this.show(REPLY + answered.name, answered.excerpt)
    if (picture) this.picture.take(picture)
    this.typed()
    this.box.focus()
  }

  edit(message) {
    this.restoreIfChanging()
    this.changing = message
    this.show("Change your message", "")
    this.box.value = message.body
    this.fit()
    this.box.focus()
  }

  // The change was kept, or given up.
  stop(event) {
    event?.preventDefault()
    if (this.changing) {
      this.restoreIfChanging()
    } else {
      this.answered = null
      this.about.hidden = true
      this.store()
    }
    this.fix("")
    this.box.focus()
  }

  // A reply that was begun before the script woke.
  drawn() {
    const [name, words] = [...this.about.querySelectorAll("b, span")].map((part) => part.textContent)
    return { id: this.form.elements.reply_to.value, name: name.replace(REPLY, ""), excerpt: words }
  }

  // What is wrong, said beside the field; with a spot, there is where it is put right.
  fix(words, spot) {
    this.wrong.hidden = !words
    this.wrong.lastElementChild.textContent = words
    this.box.ariaInvalid = words ? "true" : null
    this.box.setAttribute("aria-describedby", words ? "write-wrong write-hint" : "write-hint")
    spot?.focus()
  }

  clear() {
    this.box.value = ""
    this.answered = null
    this.about.hidden = true
    this.picture.clear()
    this.typed()
  }

  typed() {
    this.fix("")
    this.fit()
    if (!this.changing) this.store()
  }

  fit() {
    const left = this.box.maxLength - this.box.value.length
    this.left.textContent = left < NEARLY ? ` ${left} letters left.` : ""
    if (CSS.supports("field-sizing", "content")) return
    this.box.style.height = "auto"
    this.box.style.height = `${this.box.scrollHeight + 3}px`
  }

  show(title, words) {
    const [bold, quiet] = [this.about.querySelector("b"), this.about.querySelector("span")]
    bold.textContent = title
    quiet.textContent = words
    this.about.hidden = false
  }

  store() {
    this.keep.set("draft", { text: this.box.value, answered: this.answered ?? null })
  }

  restore() {
    const { text = "", answered = null } = this.keep.get("draft") ?? {}
    this.box.value = text
    this.answered = answered
    this.about.hidden = !answered
    if (answered) this.show(REPLY + answered.name, answered.excerpt)
    this.fit()
  }

  restoreIfChanging() {
    if (!this.changing) return
    this.changing = null
    this.restore()
  }
}
