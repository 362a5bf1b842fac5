// The notes at the top of the room, kept as the feed says they are.
import { element } from "./nodes.js"

export class Pins {
  constructor(box) {
    this.box = box
    this.list = box.querySelector("ul")
  }

  take({ id, seq, author, html, pinned, state }) {
    this.list.querySelector(`[data-pinned="${id}"]`)?.remove()
    if (pinned && state === "shown" && author) this.put(this.row({ id, seq, author, html }))
    this.box.hidden = !this.list.children.length
  }

  row({ id, seq, author, html }) {
    const row = element("li")
    Object.assign(row.dataset, { pinned: id, seq })
    const [words, from, link] = [element("div", "chat-pin"), element("p"), element("a", "", `By ${author.name}`)]
    words.innerHTML = html // made safe by the server
    link.href = `?to=${id}#message-${id}`
    from.append(link)
    row.append(words, from)
    return row
  }

  put(row) {
    const after = [...this.list.children].find((other) => Number(other.dataset.seq) > Number(row.dataset.seq))
    this.list.insertBefore(row, after ?? null)
  }
}
