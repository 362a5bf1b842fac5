// Settings of looks are seen at once: a choice named theme, size, spacing or motion in a form with data-looks.
document.addEventListener("change", (event) => {
  const { name, value, form } = event.target
  if (form?.hasAttribute("data-looks") && ["theme", "size", "spacing", "motion"].includes(name)) {
    document.documentElement.dataset[name] = value
  }
})

