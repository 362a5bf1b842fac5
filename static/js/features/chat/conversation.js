// The messages of the room: their list, and what draws them, goes through them and reads them out.
import { Announcer } from "./announce.js"
import { Days } from "./days.js"
import { Drawing } from "./drawing.js"
import { Lines } from "./lines.js"
import { List } from "./list.js"
import { bringOlder } from "./older.js"
import { Pins } from "./pins.js"
import { Rove } from "./rove.js"
import { Scroll } from "./scroll.js"

export class Conversation {
  // `moved` hears whether the end is in sight.
  constructor(room, { isPast, moved }) {
    const { you, zone, facilitators, older } = room.dataset
    const find = (css) => room.querySelector(css)
    const days = new Days(zone)
    const list = this.list = new List(find(".chat-list"), days)
    this.reactions = find("template[data-reactions]").content.firstElementChild
    const kinds = new Map([...this.reactions.children].map((button) => [button.dataset.kind, button.textContent]))
    const lines = this.lines = new Lines({ template: find("template[data-message]"), deeds: find("template[data-deeds]"), you, facilitators, days, kinds })
    const rove = this.rove = new Rove(list, { leave: () => find("textarea")?.focus() })
    const learn = this.learn = (line) => {
      lines.claim(line)
      rove.learn(line)
    }
    lines.claimAll(list.root)
    rove.learnAll()
    const scroll = this.scroll = new Scroll(find(".chat-scroll"), list, find(".chat-jump button"), { moved })
    list.root.addEventListener("click", (event) => bringOlder(event, { list, scroll, path: older, learn }))
    const announcer = this.announcer = new Announcer(find("[role=log]"))
    this.drawing = new Drawing({ room, list, lines, pins: new Pins(find(".chat-pins")), scroll, announcer, learn, isPast })
  }

  say(words) {
    this.announcer.say(words)
  }

  // Other people facilitate, or another thing may be done with messages.
  allow(facilitators) {
    this.lines.facilitators = facilitators
    for (const line of this.list.messages) {
      if (line.dataset.key || line.querySelector(".menu").open) continue // an open menu is folded when it closes
      this.lines.foldMenu(line, { id: line.id.replace("message-", "") })
      this.learn(line)
    }
  }
}
