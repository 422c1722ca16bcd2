// Every page is complete without script. GOV.UK Frontend is fetched only where a part of the page can use it.
const script = document.querySelector("script[data-govuk]");
const parts = document.querySelectorAll("[data-module^='govuk-']:not(.govuk-skip-link):not(a)");

if (parts.length) {
  document.body.classList.add("js-enabled", "govuk-frontend-supported");
  const { initAll } = await import(script.dataset.govuk);
  initAll();
}
