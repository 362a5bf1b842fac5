// On a narrow phone the tabs scroll sideways: the one we are in comes into sight.
const strip = document.querySelector(".tabs")
const current = strip?.querySelector("[aria-current]")
if (current) strip.scrollLeft = current.offsetLeft - (strip.clientWidth - current.offsetWidth) / 2
