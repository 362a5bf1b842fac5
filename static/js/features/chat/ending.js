// The room is over for this page. Where its text is no longer this person's to read, it goes from the screen at once.
const WORDS = {
  4401: ["You have been signed out", "Sign in again to go on.", "Sign in"],
  4403: ["You can’t be here just now", "Your account has been paused or closed. The clinic can tell you more.", "Go to the start"],
  closed: ["You are not in this group any more", "You can’t read here now. Your other groups are still there.", "Your groups"],
}

const KEPT = " What you had not sent is kept in this tab."

export function leaveRoom(why, isKept) {
  const back = { 4401: location.pathname, 4403: "/", closed: document.querySelector(".page-header .back")?.href ?? "/" }
  const main = document.getElementById("main")
  const [title, words, label] = WORDS[why]
  const made = [["h1", title], ["p", words + (isKept ? KEPT : "")], ["a", label]].map(([name, text]) => {
    const element = document.createElement(name)
    element.textContent = text
    return element
  })
  made[2].href = back[why]
  made[2].className = "button button-primary"
  const isOver = why !== "closed"
  document.body.classList.remove("in-chat", ...(isOver ? ["has-places"] : []))
  for (const part of document.querySelectorAll(isOver ? ".aside, .side" : ".aside, .chat-rooms")) part.remove()
  main.replaceChildren(...made)
  main.focus()
}

export const endsReading = (why) => why in WORDS
