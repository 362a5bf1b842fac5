// What every page has. Each part stands alone; the server hands all of it out as one file.
import "./quick-exit.js"
import "./dialog.js"
import "./menu.js"
import "./tabs.js"
import "./theme.js"
import "./offline.js"
import "./today.js"
import "./sign-out.js"
