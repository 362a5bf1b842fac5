// How far one's own message is, said beside it: waiting, sent, or not sent and what to do.
import { element, note } from "./nodes.js"

const STAYS = 4000 // milliseconds that "Sent" is seen

export function showState(line, entry, { again, discard, undo, takeBack }) {
  const { state, words } = entry
  let status = line.querySelector(".message-status")
  if (!status) {
    status = element("span", "message-status")
    line.querySelector(".bubble").after(status)
  }
  line.classList.toggle("waiting", state !== "sent")
  status.textContent = { pausing: "Waiting", waiting: "Waiting", sending: "Sending…", sent: "Sent", refused: "Not sent" }[state]
  if (state === "sent") setTimeout(() => status.remove(), STAYS)
  const better = entry.picture || entry.lost ? ["Change it", takeBack] : null // another picture, other words
  const choices = { refused: [entry.lost ? null : ["Try again", again], better, ["Discard", discard]].filter(Boolean), pausing: [["Undo", undo], ["Send now", again]] }
  const buttons = (choices[state] ?? []).map(([label, act]) => {
    const button = element("button", "button button-link", label)
    button.type = "button"
    button.addEventListener("click", () => act(entry.key))
    return button
  })
  if (state === "refused") buttons.unshift(element("span", "message-wrong", words))
  note(line, "wrong", buttons.length ? buttons : "")
}
