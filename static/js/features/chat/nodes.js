// Small pieces of the page.
// A few words below a message; none takes them away.
export function note(line, what, words) {
  let row = line.querySelector(`.message-note[data-what="${what}"]`)
  if (!words) return row?.remove()
  if (!row) {
    row = element("p", "message-note")
    row.dataset.what = what
    line.append(row)
  }
  row.replaceChildren(...[words].flat())
}

export function element(name, css = "", words = "") {
  const made = document.createElement(name)
  if (css) made.className = css
  made.textContent = words
  return made
}
