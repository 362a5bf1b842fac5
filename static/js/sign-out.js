// Signing out leaves nothing of the visit behind: neither in this tab nor in the portal's other ones.
const others = new BroadcastChannel("sign-out")
others.onmessage = () => {
  sessionStorage.clear()
  document.dispatchEvent(new Event("signed-out"))
}

document.addEventListener("submit", ({ target }) => {
  if (!target.matches('[action$="/logout/"]')) return
  sessionStorage.clear()
  others.postMessage("")
})
