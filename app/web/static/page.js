"use strict";
// Every page works without this script. It adds Copy buttons, and closes open menus.

for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;

for (const link of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.href);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  link.after(" ", button);
}

const choices = document.querySelectorAll("details.switch");
const close = (event) => {
  for (const one of choices) if (!one.contains(event.target)) one.open = false;
};
document.addEventListener("click", close);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const one of choices) {
    if (one.open && one.contains(document.activeElement)) one.querySelector("summary").focus();
    one.open = false;
  }
});
