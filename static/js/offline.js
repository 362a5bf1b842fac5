// Once somebody is signed in, the page for days without a network is kept (see worker.js). The portal works without.
const { worker } = document.documentElement.dataset
if (worker && "serviceWorker" in navigator) {
  const keep = () => navigator.serviceWorker.register(worker, { scope: "/", updateViaCache: "all" }).catch(() => {})
  addEventListener("load", keep)
}
