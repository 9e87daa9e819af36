"use strict";
// Every page works without this script. It adds Copy buttons, and closes open menus.

const words = document.currentScript.dataset;
for (const place of document.querySelectorAll("[data-origin]")) place.textContent = location.origin;

const copying = (label, text) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text());
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
  return button;
};
if (navigator.clipboard) {
  for (const link of document.querySelectorAll("[data-copy]")) link.after(" ", copying(words.copy, () => link.href));
  for (const place of document.querySelectorAll("[data-copy-page]")) {
    place.prepend(copying(words.copyLink, () => location.href), " ");
  }
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
