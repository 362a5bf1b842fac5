// On a narrow phone the tabs scroll sideways: the one we are in comes into sight.
const strip = document.querySelector(".tabs")
const current = strip?.querySelector("[aria-current]")
const reach = () => { strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2 }
if (current) requestAnimationFrame(reach) // measured once, after the page's other scripts
