// Where one writes: a form while one may, and the same one again after a while without.
import { Composer } from "./composer.js"
import { Names } from "./names.js"

export class Writing {
  // `typed` hears of each letter; `send` and `change` as the composer's own.
  constructor({ keep, people, isPlain, typed, send, change }) {
    Object.assign(this, { keep, people, isPlain, typed, send, change })
    this.composer = null // none while one may not write
  }

  open(form) {
    if (form !== this.form) this.wake(form)
    this.composer = this.written
  }

  // Answers whether something is begun.
  close() {
    this.composer = null
    return Boolean(this.keep.get("draft")?.text)
  }

  // What was not sent after all comes back, into a form that is put away as well.
  take(words, answered, picture) {
    this.written?.take(words, answered, picture)
  }

  fix(words) {
    this.composer?.fix(words)
  }

  // There is no line any more: the form goes as forms do.
  bePlain() {
    this.isPlain = true
    if (this.written) this.written.isPlain = true
  }

  wake(form) {
    const { keep, people, send, change } = this
    this.form = form
    this.written = new Composer(form, keep, { send, change })
    this.written.isPlain = this.isPlain
    const box = form.querySelector("textarea")
    box.addEventListener("input", () => this.typed())
    new Names(box, form.querySelector(".composer-names"), people)
  }
}
