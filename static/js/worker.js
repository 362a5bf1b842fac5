// Without a network: one plain page with the help numbers. It keeps that page, its style and its icon, and nothing
// else: no page of anybody's is ever stored. Its address changes with the page (portal/offline.py).
const PAGE = "/offline/"
const KEPT = `offline${location.search}`
const WORN = /\/static\/(?:css\/portal|icon)\.[\w.]+/g // what the page wears

addEventListener("install", (event) => event.waitUntil(keep().then(() => skipWaiting())))
addEventListener("activate", (event) => event.waitUntil(settle()))

addEventListener("fetch", (event) => {
  const { request } = event
  if (request.method !== "GET") return // what was sent is asked about again by the browser itself
  if (request.mode === "navigate") event.respondWith(networkOrPage(event))
  else if (request.url.search(WORN) > 0) event.respondWith(keptOrNetwork(request))
})

async function keep() {
  const cache = await caches.open(KEPT)
  const page = await fetch(PAGE, { credentials: "omit", cache: "reload" })
  if (!page.ok) throw new Error(`the page answered ${page.status}`)
  await cache.addAll((await page.clone().text()).match(WORN))
  await cache.put(PAGE, page)
}

async function settle() {
  for (const name of await caches.keys()) if (name !== KEPT) await caches.delete(name)
  await registration.navigationPreload?.enable() // the page is asked for while the worker wakes
}

async function networkOrPage(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request))
  } catch {
    return (await caches.match(PAGE)) ?? Response.error()
  }
}

async function keptOrNetwork(request) {
  return (await caches.match(request)) ?? fetch(request)
}
