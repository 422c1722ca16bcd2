// Shows what only works with script, where the browser knows passkeys; and says when one was not used.
if (window.PublicKeyCredential) {
  for (const hidden of document.querySelectorAll("[data-passkey]")) hidden.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const said of document.querySelectorAll("[data-passkey-failed]")) said.hidden = false;
});
