// Plays the picture year by year. Without script, the links beside it lead from year to year.
const picture = document.querySelector("[data-play]");
const later = (address) => fetch(address).then((answer) => answer.text());

async function play(button) {
  button.disabled = true;
  const shown = new Date(new URLSearchParams(location.search).get("on") || Date.now());
  for (let back = 5; back >= 0; back -= 1) {
    const day = new Date(shown);
    day.setFullYear(day.getFullYear() - back);
    const page = new DOMParser().parseFromString(
      await later(`?on=${day.toISOString().slice(0, 10)}`), "text/html");
    picture.replaceChildren(...page.querySelector("[data-play]").childNodes);
    document.querySelector("#picture-title").replaceWith(page.querySelector("#picture-title"));
    await new Promise((done) => setTimeout(done, 900));
  }
  button.disabled = false;
}

if (picture) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "govuk-button govuk-button--secondary";
  button.textContent = picture.dataset.play;
  button.addEventListener("click", () => play(button));
  picture.after(button);
}
