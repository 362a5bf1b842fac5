// Older messages come in above when asked for; without a script the same link is a page of its own.
export async function bringOlder(event, { list, scroll, path, learn }) {
  const link = event.target.closest("[data-before]")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  link.ariaDisabled = "true"
  const answer = await fetch(`${path}?before=${link.dataset.before}`).catch(() => null)
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href)
    return
  }
  const piece = document.createElement("template")
  piece.innerHTML = await answer.text()
  const lines = [...piece.content.querySelectorAll(".message")]
  lines.forEach(learn)
  scroll.steady(() => list.prepend(piece.content))
  lines.at(-1)?.focus({ preventScroll: true })
}
