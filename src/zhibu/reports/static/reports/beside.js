// Findings beside the text: jumped to one after the other, narrowed to a degree, a family or a rule. Without script the
// boxes still hide what is not wanted, the numbers lead to and fro, and the list of rules is a form.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  let now = 0;
  const box = () => document.querySelector("[data-beside]");
  const shown = () => Array.from(box().querySelectorAll("[data-note]")).filter((note) => note.offsetParent !== null);
  const tell = () => {
    const say = box().querySelector("[data-now]");
    const all = shown();
    const place = all.findIndex((note) => Number(note.dataset.note) === now) + 1;
    say.textContent = all.length ? say.dataset[place ? "of" : "all"].replace("{n}", place).replace("{total}", all.length) : say.dataset.none;
  };
  const point = (note, scroll = true) => {
    now = Number(note.dataset.note);
    for (const each of box().querySelectorAll(".now")) each.classList.remove("now");
    note.classList.add("now");
    const marks = Array.from(box().querySelectorAll("[data-notes]")).filter((mark) => mark.dataset.notes.split(" ").includes(note.dataset.note));
    for (const mark of marks) mark.classList.add("now");
    const wide = note.closest(".beside-row").clientWidth > 800;
    if (scroll) (wide ? marks[0] || note : note).scrollIntoView({ block: "center" });
    tell();
  };
  const step = (by) => {
    const all = shown();
    if (!all.length) return;
    const place = all.findIndex((note) => Number(note.dataset.note) === now);
    const next = all[place < 0 ? (by > 0 ? 0 : all.length - 1) : (place + by + all.length) % all.length];
    point(next);
  };
  // In the margin a note stands at its paragraph, or below the note before it: the text itself is not pulled apart.
  const place = () => {
    const text = box()?.querySelector(".beside-text");
    if (!text) return;
    text.classList.remove("placed");
    text.style.minHeight = "";
    const rows = Array.from(text.querySelectorAll(".beside-row"));
    if (getComputedStyle(rows[0] || text).gridTemplateColumns.split(" ").length < 2) return;
    text.classList.add("placed");
    const top = text.getBoundingClientRect().top;
    let free = 0;
    for (const row of rows) {
      const notes = row.querySelector(".beside-notes");
      if (!notes) continue;
      const wanted = Math.max(row.getBoundingClientRect().top - top, free);
      notes.style.top = `${wanted}px`;
      if (notes.offsetHeight) free = wanted + notes.offsetHeight;
    }
    text.style.minHeight = `${free + 16}px`;
  };
  const narrow = () => {
    const rule = box().querySelector("[data-rule]")?.value || "";
    for (const note of box().querySelectorAll("[data-note]")) note.classList.toggle("aside", rule !== "" && note.dataset.rule !== rule);
    const kept = new Set(shown().map((note) => note.dataset.note));
    for (const mark of box().querySelectorAll("[data-notes]")) mark.classList.toggle("aside", !mark.dataset.notes.split(" ").some((n) => kept.has(n)));
    place();
    tell();
  };
  const begin = () => {
    if (!box()) return;
    for (const part of box().querySelectorAll("[data-script]")) part.hidden = false;
    now = 0;
    narrow();
  };

  document.addEventListener("click", (event) => {
    if (!box()?.contains(event.target)) return;
    const button = event.target.closest("[data-step]");
    if (button) { step(Number(button.dataset.step)); return; }
    const mark = event.target.closest("[data-notes]");
    if (mark) {
      const note = box().querySelector(`[data-note="${mark.dataset.notes.split(" ")[0]}"]`);
      if (note) { point(note, false); note.scrollIntoView({ block: "nearest" }); }
      return;
    }
    const number = event.target.closest(".note-n");
    if (number) { event.preventDefault(); point(number.closest("[data-note]")); }
  });
  document.addEventListener("change", (event) => {
    if (!box()?.contains(event.target)) return;
    if (event.target.matches("[data-rule], [data-severity], [data-family]")) narrow();
  });
  document.addEventListener("submit", (event) => { if (event.target.matches("[data-rule-form]")) { event.preventDefault(); narrow(); } });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || !box() || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
  document.addEventListener("toggle", (event) => { if (box()?.contains(event.target)) place(); }, true);
  document.addEventListener("htmx:afterSettle", begin);
  addEventListener("resize", place);
  addEventListener("load", place);
  begin();
})();
