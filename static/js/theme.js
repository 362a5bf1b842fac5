// Settings of looks are seen at once: a choice named theme, size or spacing in a form with data-looks.
document.addEventListener("change", (event) => {
  const { name, value, form } = event.target
  if (form?.hasAttribute("data-looks") && ["theme", "size", "spacing"].includes(name)) {
    document.documentElement.dataset[name] = value
  }
})

