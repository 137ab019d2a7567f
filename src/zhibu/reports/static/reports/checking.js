// The editor's side panel: the text is checked as it is typed, before it is saved; findings are jumped to, narrowed, and
// shown for the paragraph that is written in: lit up in the panel, on a narrow screen under the paragraph itself.
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  const panel = document.getElementById("panel");
  const url = panel?.dataset.recheck;
  if (!form || !url) return;
  const side = panel.closest(".report-side");
  const sheet = form.querySelector("[data-sheet]");
  const WAIT = 700;

  let timer = 0, asked = null, held = null;
  let filter = "", now = -1, block = 0;
  const open = new Set();

  const remarks = () => Array.from(panel.querySelectorAll("[data-remark]"));
  const shown = () => remarks().filter((one) => !one.classList.contains("aside"));

  const check = async () => {
    clearTimeout(timer);
    asked?.abort();
    const mine = asked = new AbortController();
    let answer, text;
    try {
      answer = await fetch(url, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" }, signal: mine.signal });
      text = await answer.text();
    } catch { return; }
    // What is wrong with the text, the log-in or the line is told when it is saved.
    if (answer.status !== 200 || answer.redirected || answer.headers.has("HX-Redirect")) return;
    held = text;
    put();
  };
  const soon = () => { clearTimeout(timer); timer = setTimeout(check, WAIT); };

  // Nobody loses a reason half typed: what came in meanwhile waits until the field is left.
  const put = () => {
    if (held === null || panel.contains(document.activeElement) && document.activeElement.matches("input")) return;
    const page = new DOMParser().parseFromString(held, "text/html");
    held = null;
    const top = side.scrollTop;
    panel.replaceChildren(...page.body.childNodes);
    window.htmx?.process(panel);
    settle();
    side.scrollTop = top;
  };

  const settle = () => {
    for (const part of panel.querySelectorAll("[data-script]")) part.hidden = false;
    for (const one of remarks()) if (open.has(one.dataset.key)) one.querySelector("details").open = true;
    const select = panel.querySelector("[data-filter]");
    if (select) {
      select.value = filter;
      if (select.value !== filter) { filter = ""; select.value = ""; }
    }
    narrow();
    light(false);
    document.dispatchEvent(new CustomEvent("panel-settled"));
  };
  const narrow = () => { for (const one of remarks()) one.classList.toggle("aside", filter !== "" && !one.dataset.remark.split(" ").includes(filter)); };

  // --- the paragraph that is written in -------------------------------------------------------------------------------
  const light = (follow) => {
    for (const one of remarks()) one.classList.toggle("here", Number(one.dataset.block) === block);
    const first = shown().find((one) => one.classList.contains("here"));
    const wide = getComputedStyle(side).overflowY === "auto";
    if (follow && first && wide && !side.matches(":hover")) reveal(first);
    for (const old of sheet.querySelectorAll(".rb-notes")) old.remove();
    const here = shown().filter((one) => Number(one.dataset.block) === block);
    if (wide || !here.length || !sheet.children[block]) return;
    const notes = document.createElement("ul");
    notes.className = "rb-notes";
    notes.contentEditable = "false";
    for (const one of here) {
      const note = document.createElement("li");
      note.className = one.className;
      note.textContent = one.querySelector("a").textContent;
      notes.append(note);
    }
    sheet.children[block].append(notes);
  };
  const reveal = (one) => {
    const gap = one.getBoundingClientRect().top - side.getBoundingClientRect().top;
    side.scrollTo({ top: side.scrollTop + gap - side.clientHeight / 3 });
  };
  sheet.addEventListener("focusin", (event) => {
    const at = Array.prototype.indexOf.call(sheet.children, event.target.closest("[data-block]"));
    if (at < 0 || at === block) return;
    block = at;
    light(true);
  });
  document.addEventListener("show-remark", (event) => {
    const one = event.detail.closest("[data-remark]");
    if (!one) return;
    now = shown().indexOf(one);
    one.querySelector("details").open = true;
    reveal(one);
  });

  panel.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    const all = shown();
    if (!button || !all.length) return;
    now = (now + Number(button.dataset.step) + all.length) % all.length;
    all[now].querySelector("a[data-jump]").click();
    reveal(all[now]);
  });
  panel.addEventListener("change", (event) => {
    if (!event.target.matches("[data-filter]")) return;
    filter = event.target.value;
    now = -1;
    narrow();
    document.dispatchEvent(new CustomEvent("panel-settled"));
  });
  panel.addEventListener("toggle", (event) => {
    const key = event.target.closest("[data-remark]")?.dataset.key;
    if (key) open[event.target.open ? "add" : "delete"](key);
  }, true);
  panel.addEventListener("focusout", () => setTimeout(put));
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target === panel) { settle(); soon(); } });

  form.addEventListener("report-edited", soon);
  form.addEventListener("input", soon);
  check();
})();
