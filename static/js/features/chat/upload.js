// Sends a message with its picture to where the form would send it, and gives the answer as a frame. The same key again is
// the same message, so whoever hears nothing sends again.
const STILL = 30_000 // milliseconds without a byte or an answer: the way is dead, whatever the browser believes
const LATER = { op: "refused", code: "try_again" }
const OVER = { op: "refused", code: "session_over" } // the page hears of it on its own line, too
const ODD = { op: "refused", code: "odd", text: "This could not be sent. Please load this page again, then try once more." }
const LARGE = { op: "refused", code: "picture_too_large", text: "This picture is too large. Choose one of up to 8 megabytes." }

// Gives a way to stop it.
export function upload(form, { key, body, reply, picture }, answer) {
  const request = new XMLHttpRequest() // fetch does not tell whether bytes move
  const parts = new FormData()
  const fields = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, key, body, reply_to: reply?.id ?? "", alt: picture.alt }
  for (const [name, value] of Object.entries(fields)) parts.append(name, value)
  parts.append("picture", picture.file, "picture") // its own name may tell too much
  let still
  const moves = () => {
    clearTimeout(still)
    still = setTimeout(() => end(LATER), STILL)
  }
  const end = (frame) => {
    clearTimeout(still)
    request.onload = request.onerror = request.upload.onprogress = null
    request.abort()
    if (frame) answer({ ...frame, key })
  }
  request.upload.onprogress = moves
  request.onload = () => end(meaning(request))
  request.onerror = () => end(LATER)
  request.open("POST", form.action)
  request.setRequestHeader("Accept", "application/json")
  request.send(parts)
  moves()
  return () => end(null)
}

function meaning({ status, responseText, responseURL }) {
  if (new URL(responseURL).pathname.startsWith("/account/")) return OVER
  if (status >= 500) return LATER
  if (status === 413) return LARGE
  try {
    return JSON.parse(responseText)
  } catch {
    return ODD
  }
}
