// The picture one adds to a message: chosen in the form, taken along when the message goes, put back when it is changed.
const MOST = 8 * 1024 * 1024
const TOO_LARGE = "This picture is too large. Choose one of up to 8 megabytes."
const NO_WORDS = "Say in a few words what the picture shows, for people who cannot see it."
const ALONE = "Write a few words to go with the picture."

export class Picture {
  constructor(form) {
    this.form = form
  }

  get box() {
    return this.form.querySelector(".composer-picture")
  }

  // What is chosen, null for nothing.
  get chosen() {
    const { picture, alt } = this.form.elements
    const file = picture?.files[0]
    return file ? { file, alt: alt.value.trim() } : null
  }

  // What has to be put right before it can go: words, and where. The server looks again.
  wrong(text) {
    const { body, picture, alt } = this.form.elements
    if (picture.files[0].size > MOST) return [TOO_LARGE, picture]
    if (!alt.value.trim()) return [NO_WORDS, alt]
    return text ? null : [ALONE, body]
  }

  clear() {
    if (!this.chosen) return
    this.form.elements.picture.value = this.form.elements.alt.value = ""
    this.box.open = false
  }

  // Without its file only what was said about it can come back.
  take({ file, alt }) {
    if (!this.box) return
    if (file) {
      const files = new DataTransfer()
      files.items.add(file)
      this.form.elements.picture.files = files.files
    }
    this.form.elements.alt.value = alt
    this.box.open = true
  }
}
