// Printing is the one thing a page cannot ask for without script; the button stays hidden where there is none.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
