// <passkey-form>: a form that is sent with a passkey. It asks the server for a challenge, the browser for the passkey,
// and then goes the way of every form. Where a browser has no passkeys, the element stays hidden or says so.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0))
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")

const NONE = "This browser has no passkeys. Please use another way."
const STOPPED = "Nothing has happened. Try again, or use another way."

class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.words = this.querySelector(".passkey-words")
    if (!window.PublicKeyCredential) return this.say(NONE)
    this.hidden = false
    this.form.addEventListener("submit", (event) => this.ask(event))
  }

  say(words) {
    this.words.textContent = words
  }

  async ask(event) {
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    this.say("")
    try {
      const made = await this.credential(await this.challenge())
      this.form.elements.credential.value = JSON.stringify(made)
      this.sayWhoseDevice()
      this.form.submit()
    } catch {
      this.say(STOPPED)
    }
    this.busy = false
  }

  // The page asks it once, for every way to sign in.
  sayWhoseDevice() {
    const { device } = this.form.elements
    if (device) device.value = document.querySelector("input[name=device]:checked")?.value ?? ""
  }

  async challenge() {
    const token = new FormData()
    token.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken.value)
    const answer = await fetch(this.form.dataset.challenge, { method: "POST", body: token })
    if (!answer.ok) throw new Error("no challenge")
    return (await answer.json()).publicKey
  }

  async credential(asked) {
    const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }))
    const publicKey = { ...asked, challenge: bytes(asked.challenge) }
    if ("makes" in this.dataset) {
      publicKey.user = { ...asked.user, id: bytes(asked.user.id) }
      publicKey.excludeCredentials = known(asked.excludeCredentials)
      return made(await navigator.credentials.create({ publicKey }))
    }
    publicKey.allowCredentials = known(asked.allowCredentials)
    return shown(await navigator.credentials.get({ publicKey }))
  }
}

const plain = (one, response) => ({
  id: one.id,
  rawId: text(one.rawId),
  type: one.type,
  clientExtensionResults: one.getClientExtensionResults(),
  authenticatorAttachment: one.authenticatorAttachment,
  response: { clientDataJSON: text(one.response.clientDataJSON), ...response },
})

const made = (one) =>
  plain(one, {
    attestationObject: text(one.response.attestationObject),
    transports: one.response.getTransports?.() ?? [],
  })

const shown = (one) =>
  plain(one, {
    authenticatorData: text(one.response.authenticatorData),
    signature: text(one.response.signature),
    userHandle: one.response.userHandle ? text(one.response.userHandle) : null,
  })

customElements.define("passkey-form", PasskeyForm)
