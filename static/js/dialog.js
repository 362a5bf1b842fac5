// Anything with data-opens="id" opens the dialog of that id; without a script it stays the link it is.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]")
  const dialog = opener && document.getElementById(opener.dataset.opens)
  if (dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    opener.closest("details[data-menu]")?.removeAttribute("open")
    dialog.showModal()
  } else if (event.target.closest("[data-closes]")) {
    event.target.closest("dialog")?.close()
  } else if (event.target instanceof HTMLDialogElement && outside(event.target, event)) {
    event.target.close()
  }
})

// A press on the backdrop counts as a press on the dialog itself, beside its box.
function outside(dialog, press) {
  const box = dialog.getBoundingClientRect()
  return press.clientX < box.left || press.clientX > box.right || press.clientY < box.top || press.clientY > box.bottom
}
