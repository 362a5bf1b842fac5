// Moments in the words of the server's pages (portal/moments.py, chat/lines.py), in the reader's own zone.
const DAY = 86_400_000

export class Days {
  constructor(timeZone) {
    this.timeZone = timeZone
  }

  // Both are slow to make, and a page that only opens needs neither.
  get words() {
    const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", hour: "numeric", minute: "2-digit" }
    return this.worded ??= new Intl.DateTimeFormat("en-US", { ...parts, timeZone: this.timeZone, hourCycle: "h23" })
  }

  get dates() {
    return this.dated ??= new Intl.DateTimeFormat("en-CA", { timeZone: this.timeZone })
  }

  // 5:30pm, 8am, 12 noon
  clock(at) {
    const { hour, minute } = this.read(at)
    if (hour % 12 === 0 && minute === "00") return hour ? "12 noon" : "12 midnight"
    return `${hour % 12 || 12}${minute === "00" ? "" : `:${minute}`}${hour < 12 ? "am" : "pm"}`
  }

  // 2026-11-23
  date(at) {
    return this.dates.format(at)
  }

  // Today, Yesterday, Monday 16 November
  heading(at) {
    const now = new Date()
    const ago = (Date.parse(this.date(now)) - Date.parse(this.date(at))) / DAY
    if (ago < 2) return ago < 1 ? "Today" : "Yesterday"
    const { weekday, day, month, year } = this.read(at)
    return `${weekday} ${day} ${month}${year === this.read(now).year ? "" : ` ${year}`}`
  }

  read(at) {
    const read = Object.fromEntries(this.words.formatToParts(at).map(({ type, value }) => [type, value]))
    return { ...read, hour: Number(read.hour) }
  }
}
