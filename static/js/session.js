// Being signed in ends by itself when nothing happens. This makes it last on while somebody is here, asks two minutes
// before the end, and at the end leaves nothing on the page, with or without a network. All tabs know the same.
const form = document.querySelector("form[data-session]")
const WARNING = 120_000 // milliseconds before the end
const PAUSE = 120_000 // between two words to the server that somebody is here
const PATIENCE = 5000 // for its answer
const STAYS = "What you have written here is kept until you sign in again."
const GOES = "Others use this device, too, so what you have not sent will not be kept."
const LATE = 500 // after the end, so that the server agrees that it is over

if (form) {
  const dialog = drawn("shared" in form.dataset)
  const tabs = new BroadcastChannel("session")
  let over = Date.now() + 1000 * form.dataset.left
  let lasts = "more" in form.dataset
  let told = Date.now()
  let isAsking = false, isOver = false, timer

  // What the server says, or null without an answer.
  const ask = async (method = "GET") => {
    const body = method === "POST" ? new FormData(form) : undefined
    const signal = AbortSignal.timeout(PATIENCE)
    try {
      const response = await fetch(form.action, { method, body, signal, headers: { Accept: "application/json" } })
      if (!response.ok) return null
      const { left, more } = await response.json()
      if (left > 0) {
        over = Date.now() + 1000 * left
        lasts = more
        tabs.postMessage({ over, lasts })
      }
      return left
    } catch {
      return null
    }
  }

  const plan = () => {
    clearTimeout(timer)
    if (isOver) return
    const left = over - Date.now()
    timer = setTimeout(look, left > WARNING ? left - WARNING : Math.max(0, left + LATE))
  }

  // The time has come to warn, or to end: unless the server knows better.
  const look = async () => {
    if (isAsking || isOver) return
    isAsking = true
    const isLate = Date.now() >= over
    if (isLate) document.body.classList.add("leaving") // nobody reads here while we ask
    const left = await ask()
    isAsking = false
    if (left === 0 || (left === null && isLate)) return end(left === 0)
    document.body.classList.remove("leaving")
    if (1000 * (left ?? 0) <= WARNING) warn()
    plan()
  }

  const warn = () => {
    if (dialog.open || isOver) return
    const [, , last, button] = dialog.children
    last.hidden = lasts
    button.textContent = lasts ? "Stay signed in" : "All right"
    dialog.showModal()
  }

  const stay = async () => {
    if (isOver || !lasts) return
    told = Date.now()
    if (await ask("POST") === 0) end(true)
    else plan()
  }

  const hush = () => {
    dialog.onclose = null
    dialog.close()
    dialog.onclose = stay
  }

  const end = (isReachable) => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    document.dispatchEvent(new Event("session-over")) // whoever keeps words for later does so now
    tabs.postMessage({ isOver })
    if ("shared" in form.dataset) sessionStorage.clear()
    const address = `/account/login/?${new URLSearchParams({ next: location.pathname })}&over`
    leave(address)
    if (isReachable) location.replace(address)
  }

  dialog.lastElementChild.onclick = () => dialog.close()
  dialog.onclose = stay // however it is closed, somebody is here
  tabs.onmessage = ({ data }) => {
    if (data.isOver) return end(false)
    if (data.over <= over) return
    ;({ over, lasts } = data)
    if (dialog.open && over - Date.now() > WARNING) hush()
    plan()
  }
  document.addEventListener("signed-out", () => end(false))
  document.addEventListener("visibilitychange", plan) // a tab that slept has missed its hour
  for (const sign of ["keydown", "pointerdown", "wheel", "touchmove"]) {
    addEventListener(sign, () => {
      if (lasts && !isOver && !dialog.open && Date.now() - told > PAUSE) stay()
    }, { capture: true, passive: true })
  }
  tabs.postMessage({ over, lasts })
  plan()
}

// The question, as one of the kit's dialogs.
function drawn(isShared) {
  const dialog = document.createElement("dialog")
  dialog.className = "dialog dialog-asks"
  dialog.setAttribute("aria-labelledby", "session-ends")
  dialog.append(
    element("h2", "Are you still there?"),
    element("p", `You will be signed out in 2 minutes, so that nobody else can read here. ${isShared ? GOES : STAYS}`),
    element("p", "You have been signed in for a long time. You can sign in again right away."),
    element("button", "", "button button-primary"),
  )
  dialog.firstChild.id = "session-ends"
  document.body.append(dialog)
  return dialog
}

function element(name, words, look = "") {
  const made = document.createElement(name)
  made.textContent = words
  made.className = look
  return made
}

// Nothing of the page stays but the bar at the top, which is the same for everybody.
function leave(address) {
  const main = document.createElement("main")
  const link = element("a", "Sign in", "button button-primary")
  link.href = address
  main.id = main.className = "main"
  main.tabIndex = -1
  main.append(
    element("h1", "You have been signed out"),
    element("p", "This happens by itself after a while, so that nobody else can read here."),
    link,
  )
  const bar = document.querySelector(".top-bar")
  bar?.querySelector(".brand-place")?.remove()
  document.body.className = "entrance"
  document.body.replaceChildren(...(bar ? [bar, main] : [main]))
  main.focus()
}
