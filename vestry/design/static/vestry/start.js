// Every page is complete without script. GOV.UK Frontend is fetched only where a part of the page can use it.
const script = document.querySelector("script[data-govuk]");
const parts = document.querySelectorAll("[data-module^='govuk-']:not(.govuk-skip-link):not(a)");

if (parts.length) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const { initAll } = await import(script.dataset.govuk);
  initAll();
}

// Long lists can be typed into. The list itself stays in the form, and is what is sent.
const lists = document.querySelectorAll("select[data-type-ahead]");

if (lists.length) {
  const look = Object.assign(document.createElement("link"), { rel: "stylesheet", href: script.dataset.typeAheadLook });
  const source = Object.assign(document.createElement("script"), { src: script.dataset.typeAhead });
  source.addEventListener("load", () => lists.forEach(typeInto));
  document.head.append(look, source);
}

function typeInto(list) {
  const id = list.id;
  window.accessibleAutocomplete.enhanceSelectElement({
    selectElement: list,
    defaultValue: list.value ? list.selectedOptions[0].text : "",
    showAllValues: true,
  });
  // What was typed and is no option is no answer, even where one was chosen before.
  list.form.addEventListener("submit", () => {
    const typed = document.getElementById(id).value.trim().toLowerCase();
    const meant = [...list.options].find((option) => option.text.toLowerCase() === typed);
    list.value = meant ? meant.value : "";
  });
}
