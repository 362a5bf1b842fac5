// What was typed into a form and not sent outlives the session: kept in this tab for its person and page until they
// are back. The chat's composer has its own keep. Passwords and codes are never kept.
const NAME = "typed"
const you = document.querySelector("form[data-session]")?.dataset.you
const SECRET = /password|one-time-code/

const fields = () => [...document.querySelectorAll("main form:not(.composer, [role=search]) :is(input, textarea, select)")]
  .filter(({ type, name, autocomplete }) => name && type !== "hidden" && type !== "password" && !SECRET.test(autocomplete))
const placeOf = (field) => `${field.form.getAttribute("action")} ${field.name} ${isChoice(field) ? field.value : ""}`
const isChoice = ({ type }) => type === "radio" || type === "checkbox"
const answer = (field) => (isChoice(field) ? field.checked : field.value)
const drawn = (field) => {
  if (isChoice(field)) return field.defaultChecked
  return field.options ? [...field.options].find((one) => one.defaultSelected)?.value ?? field.options[0]?.value : field.defaultValue
}

document.addEventListener("session-over", () => {
  const changed = fields().filter((field) => answer(field) !== drawn(field))
  if (!you || !changed.length) return
  const answers = Object.fromEntries(changed.map((field) => [placeOf(field), answer(field)]))
  sessionStorage.setItem(NAME, JSON.stringify({ you, path: location.pathname, answers }))
})

const kept = you && JSON.parse(sessionStorage.getItem(NAME))
if (kept && (kept.you !== you || kept.path === location.pathname)) {
  sessionStorage.removeItem(NAME)
  if (kept.you === you) bringBack(kept.answers)
}

function bringBack(answers) {
  const found = fields().filter((field) => placeOf(field) in answers)
  for (const field of found) {
    if (isChoice(field)) field.checked = answers[placeOf(field)]
    else field.value = answers[placeOf(field)]
    field.dispatchEvent(new Event("input", { bubbles: true }))
  }
  if (!found.length) return
  const words = document.createElement("p")
  words.className = "said"
  words.setAttribute("role", "status")
  document.body.append(words)
  setTimeout(() => { words.textContent = "What you had written is here again." }, 100)
  setTimeout(() => words.remove(), 10_000)
}
