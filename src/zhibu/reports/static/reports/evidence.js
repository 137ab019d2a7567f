// What a figure rests on, in a dialog over the text. Without script the same link opens a page.
"use strict";
(() => {
  const dialog = document.getElementById("evidence");
  if (!dialog) return;
  const body = dialog.querySelector("[data-evidence-body]");

  const open = async (url) => {
    let answer;
    try { answer = await fetch(url, { headers: { "HX-Request": "true" } }); } catch { location.href = url; return; }
    if (answer.status !== 200 || answer.redirected) { location.href = url; return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    body.replaceChildren(...page.body.childNodes);
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-evidence]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link.href || link.dataset.url);
  });
  document.addEventListener("show-evidence", (event) => open(event.detail));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
