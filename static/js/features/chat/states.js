// How far one's own message is, said beside it: waiting, sent, or not sent and what to do.
import { element, note } from "./lines.js"

const STAYS = 4000 // milliseconds that "Sent" is seen

export function showState(line, entry, { again, discard }) {
  const { state, words } = entry
  let status = line.querySelector(".message-status")
  if (!status) {
    status = element("span", "message-status")
    line.querySelector(".bubble").after(status)
  }
  line.classList.toggle("waiting", state !== "sent")
  status.textContent = { waiting: "Waiting", sent: "Sent", refused: "Not sent" }[state]
  if (state === "sent") setTimeout(() => status.remove(), STAYS)
  if (state !== "refused") return note(line, "wrong", "")
  const [retry, drop] = [["Try again", again], ["Discard", discard]].map(([label, act]) => {
    const button = element("button", "button button-link", label)
    button.type = "button"
    button.addEventListener("click", () => act(entry.key))
    return button
  })
  note(line, "wrong", [element("span", "message-wrong", words), retry, drop])
}
