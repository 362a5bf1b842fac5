// A form with data-swap="id" changes only that part of the page. The answer is the page the form would have led to
// anyway: the part of the same id is taken from it, and its message is shown and said once. Whatever is out of the
// ordinary is left to the browser, as if this script were not here.
const STAYS = 10_000 // milliseconds that a message is seen
const said = document.createElement("p")
said.className = "said"
said.setAttribute("role", "status")
if (document.querySelector("form[data-swap]")) document.body.append(said) // there before it speaks, or it is not heard

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event
  const parts = form.dataset.swap?.split(" ")
  if (!parts || form.dataset.plain) return
  event.preventDefault()
  if (form.dataset.busy) return
  form.dataset.busy = "yes"
  say("")
  const page = await answer(form, submitter)
  delete form.dataset.busy
  if (page === null) return say("We cannot reach the portal. Check your connection, then try again.")
  if (!page?.getElementById(parts[0])) {
    form.dataset.plain = "yes"
    return form.requestSubmit(submitter)
  }
  const message = page.querySelector(".messages")
  message?.remove()
  const find = whereWeWere(form, submitter)
  for (const part of parts) {
    const fresh = page.getElementById(part)
    if (fresh) document.getElementById(part)?.replaceWith(fresh)
  }
  const next = find()
  if (!next.matches("a, button")) next.tabIndex = -1
  next.focus()
  say(message?.textContent.trim().replace(/\s+/g, " ") ?? "Saved.")
})

// The page that comes back, null without a network, undefined for anything that is not this same page again.
async function answer(form, submitter) {
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) })
    if (!response.ok || new URL(response.url).pathname !== location.pathname) return undefined
    return new DOMParser().parseFromString(await response.text(), "text/html")
  } catch {
    return null
  }
}

// The same button if it is still there; else the heading of its part of the page; else the page's own.
function whereWeWere(form, submitter) {
  const action = form.getAttribute("action")
  const heading = form.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby")
  const same = (one) => one.type === "submit" && one.name === submitter?.name && one.value === submitter?.value
  return () => {
    const forms = [...document.forms].filter((one) => one.getAttribute("action") === action)
    const button = forms.flatMap((one) => [...one.elements]).find(same)
    return button ?? document.getElementById(heading) ?? document.querySelector("main h1")
  }
}

let fading
function say(words) {
  clearTimeout(fading)
  said.textContent = words
  if (words) fading = setTimeout(say, STAYS, "")
}
