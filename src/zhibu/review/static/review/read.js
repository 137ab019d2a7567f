// Words that were selected are commented on at their place; commented words are marked. Without script the form names
// the paragraph instead.
"use strict";
(() => {
  const text = document.querySelector(".beside-text");
  const form = document.querySelector("[data-say]");
  const button = document.querySelector("[data-say-here]");
  if (!text) return;
  for (const hint of document.querySelectorAll("p > [data-script]")) hint.hidden = false;

  // --- where comments stand ---------------------------------------------------------------------------------------
  // Places count whole characters, as the server does; the browser counts rare ones twice.
  const range = (paragraph, start, end) => {
    const found = document.createRange();
    const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
    let at = Number(paragraph.dataset.start), begun = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const signs = Array.from(node.data);
      const unit = (place) => signs.slice(0, place - at).join("").length;
      if (!begun && start < at + signs.length) { found.setStart(node, unit(Math.max(start, at))); begun = true; }
      if (begun && end <= at + signs.length) { found.setEnd(node, unit(Math.max(end, at))); return found; }
      if (begun) found.setEnd(node, node.data.length);
      at += signs.length;
    }
    return begun ? found : null;
  };
  if (window.Highlight && CSS.highlights) {
    const said = new Highlight();
    for (const note of text.querySelectorAll("[data-said]")) {
      const [start, end] = note.dataset.said.split(" ").map(Number);
      const words = range(note.closest(".beside-row").querySelector("[data-start]"), start, end);
      if (words) said.add(words);
    }
    CSS.highlights.set("said", said);
  }

  // --- the words that are selected --------------------------------------------------------------------------------
  if (!form || !button) return;
  const [first, last] = [form.elements.start, form.elements.end];
  const quote = form.querySelector("[data-quote]");
  let chosen = null;
  const place = (node, offset) => {
    const paragraph = (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-start]");
    if (!paragraph || !text.contains(paragraph)) return null;
    const before = document.createRange();
    before.selectNodeContents(paragraph);
    before.setEnd(node, offset);
    return Number(paragraph.dataset.start) + Array.from(before.toString()).length;
  };
  const look = () => {
    const selection = getSelection();
    const words = selection.isCollapsed ? "" : selection.toString().trim();
    chosen = null;
    if (words && selection.rangeCount) {
      const picked = selection.getRangeAt(0);
      const [start, end] = [place(picked.startContainer, picked.startOffset), place(picked.endContainer, picked.endOffset)];
      if (start !== null && end !== null && start < end) {
        const box = picked.getBoundingClientRect();
        chosen = { start, end, words };
        button.style.top = `${Math.max(8, Math.min(innerHeight - 60, box.bottom + 8))}px`;
        button.style.left = `${Math.max(8, Math.min(innerWidth - 110, box.left))}px`;
      }
    }
    button.hidden = chosen === null;
  };
  const say = (words) => {
    quote.textContent = words;
    quote.hidden = false;
    form.querySelector("[data-paragraph]").hidden = true;
    form.querySelector("[data-unsay]").hidden = false;
    form.classList.add("say-floating");
    form.elements.text.focus({ preventScroll: true });
  };
  document.addEventListener("selectionchange", look);
  addEventListener("scroll", () => { button.hidden = true; }, { passive: true });
  button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  button.addEventListener("click", () => {
    if (!chosen) return;
    first.value = chosen.start;
    last.value = chosen.end;
    button.hidden = true;
    say(chosen.words);
  });
  form.querySelector("[data-unsay]").addEventListener("click", () => {
    first.value = last.value = "";
    quote.hidden = true;
    form.querySelector("[data-paragraph]").hidden = false;
    form.querySelector("[data-unsay]").hidden = true;
    form.classList.remove("say-floating");
  });
})();
