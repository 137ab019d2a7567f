// Saves the report every few seconds, says so, and keeps the text on this machine until the server has it.
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const PREFIX = "zhibu-report:";
  const owner = document.querySelector('meta[name="draft-owner"]')?.content || "";
  const key = `${PREFIX}${owner}:${form.dataset.report}`;
  const version = form.elements.version;
  const say = document.getElementById("save-state");
  const WAIT = 2500, LONGEST = 10000, AGAIN = 15000;

  let store = null;
  try { store = window.localStorage; store.length; } catch { store = null; }
  const keys = () => (store ? Array.from({ length: store.length }, (_, n) => store.key(n)).filter((name) => name.startsWith(PREFIX)) : []);
  for (const name of keys()) if (!name.startsWith(PREFIX + owner + ":")) store.removeItem(name);
  document.addEventListener("submit", (event) => { if (event.target.hasAttribute("data-logout")) for (const name of keys()) store.removeItem(name); });

  const rows = () => Array.from(form.querySelectorAll("[data-block]"), (block) => [block.querySelector("select").value, block.querySelector("textarea").value]);
  const clock = (when) => when.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
  const tell = (name, more = "") => {
    say.dataset.state = name;
    say.textContent = [say.dataset[name], more].filter(Boolean).join(" ");
  };
  const keep = () => { try { store?.setItem(key, JSON.stringify({ version: version.value, at: Date.now(), rows: rows() })); } catch { /* full: saving still works */ } };
  const forget = () => store?.removeItem(key);

  let saved = JSON.stringify(rows());
  let timer = 0, due = 0, busy = null, halted = false;
  const dirty = () => JSON.stringify(rows()) !== saved;

  const soon = () => {
    if (!dirty()) return;
    keep();
    if (halted) return;
    if (!busy) tell("dirty");
    clearTimeout(timer);
    due = due || Date.now() + LONGEST;
    timer = setTimeout(save, Math.max(0, Math.min(WAIT, due - Date.now())));
  };

  const token = () => {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    if (cookie) form.elements.csrfmiddlewaretoken.value = cookie.slice("csrftoken=".length);
  };
  const send = (leaving = false) => {
    token();
    return fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" }, keepalive: leaving });
  };
  const put = (id, found) => document.getElementById(id).replaceChildren(...(found ? [found] : []));

  const save = async () => {
    clearTimeout(timer);
    if (busy) { await busy; if (dirty() && !halted) soon(); return; }
    if (!dirty()) return;
    due = 0;
    busy = once();
    await busy;
    busy = null;
    if (dirty() && say.dataset.state === "saved") soon();
  };
  const once = async () => {
    const sent = JSON.stringify(rows());
    tell("saving");
    keep();
    let answer, page;
    try {
      answer = await send();
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { failed("failed"); return; }
    const done = page.getElementById("saved");
    const conflict = page.getElementById("conflicted");
    const refused = page.getElementById("refused");
    put("refusal", refused);
    if (done) {
      version.value = done.dataset.version;
      saved = sent;
      if (dirty()) keep(); else forget();
      tell("saved", clock(new Date()));
    } else if (conflict) {
      halted = true;
      put("conflict", conflict);
      conflict.scrollIntoView({ block: "start" });
      tell("conflict");
    } else if (refused) tell("refused");
    else failed(answer.redirected || answer.status === 403 || answer.headers.has("HX-Redirect") ? "expired" : "failed");
  };
  const failed = (name) => {
    tell(name);
    clearTimeout(timer);
    timer = setTimeout(save, AGAIN);
  };

  form.addEventListener("report-edited", soon);
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name) return;
    event.preventDefault();
    halted = false;
    if (dirty()) save(); else tell("saved", clock(new Date()));
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") { event.preventDefault(); form.requestSubmit(); }
  });
  document.addEventListener("submit", async (event) => {
    const leaving = event.target;
    if (!leaving.hasAttribute("data-leave")) return;
    if (leaving.closest("#conflict")) { saved = JSON.stringify(rows()); forget(); return; }
    if (!dirty()) return;
    event.preventDefault();
    await save();
    if (!dirty()) leaving.submit();
  });
  addEventListener("online", save);
  document.addEventListener("visibilitychange", () => { if (document.hidden && dirty() && !halted) save(); });
  addEventListener("pagehide", () => { if (dirty() && !halted && !busy) { keep(); send(true).catch(() => {}); } });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const offer = () => {
    let local = null;
    try { local = JSON.parse(store?.getItem(key) || "null"); } catch { local = null; }
    if (!local || JSON.stringify(local.rows) === saved) { forget(); return; }
    const box = document.getElementById("local-offer");
    box.hidden = false;
    box.querySelector("[data-local-when]").textContent = new Date(local.at).toLocaleString(document.documentElement.lang);
    box.querySelector("[data-local-restore]").addEventListener("click", () => {
      box.hidden = true;
      version.value = local.version;
      form.dispatchEvent(new CustomEvent("report-restore", { detail: local.rows }));
      soon();
    });
    box.querySelector("[data-local-drop]").addEventListener("click", () => { box.hidden = true; forget(); });
  };
  tell("idle");
  offer();
})();
