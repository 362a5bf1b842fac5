// A page left open over midnight must not go on saying "today": each such moment carries its date for later.
const opened = new Date().toDateString()

addEventListener("visibilitychange", () => {
  if (document.hidden || new Date().toDateString() === opened) return
  for (const time of document.querySelectorAll("time[data-later]")) {
    time.textContent = time.dataset.later
    delete time.dataset.later
  }
})
