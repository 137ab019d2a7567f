// Text typed into a form survives an expired session, a refused form and a closed connection.
// Drafts lie in this tab's session storage under the account's mark, the page and the form; a page of another account
// throws them away unseen. The server names a saved draft in a cookie, and only then is it forgotten.
"use strict";
(() => {
  const PREFIX = "zhibu-draft:";
  const SAVED = "zhibu_saved";
  const owner = document.querySelector('meta[name="draft-owner"]')?.content || "";
  let store;
  try { store = window.sessionStorage; store.length; } catch { return; }

  const keys = () => Array.from({ length: store.length }, (_, at) => store.key(at)).filter((key) => key.startsWith(PREFIX));
  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch { return null; } };

  // What another account left here is not for this one; the report's editor keeps its text as zhibu-report:<owner>:….
  const forget = (stays) => {
    for (const place of [window.sessionStorage, window.localStorage]) {
      for (const key of Object.keys(place)) if (/^zhibu-\w+:/.test(key) && !stays(key)) place.removeItem(key);
    }
  };
  if (owner) forget((key) => key.split(":")[1] === owner);

  const saved = document.cookie.split("; ").find((part) => part.startsWith(SAVED + "="));
  if (saved) {
    const mark = saved.slice(SAVED.length + 1);
    for (const key of keys()) if (read(key)?.mark === mark) store.removeItem(key);
    document.cookie = SAVED + "=; path=/; max-age=0; samesite=lax";
  }

  let leaving = false;
  document.addEventListener("submit", (event) => {
    if (!event.target.hasAttribute("data-logout")) return;
    leaving = true;
    forget(() => false);
  });
  if (!owner) {
    const waiting = document.querySelector("[data-keep-waiting]");
    if (waiting && keys().length) waiting.hidden = false;
    return;
  }

  const forms = () => Array.from(document.querySelectorAll('form[method="post"]:not([data-no-keep])'));
  const fields = (form) => Array.from(form.elements).filter((field) => field.name && !field.disabled && !field.readOnly
    && !["hidden", "password", "file", "submit", "button", "reset", "image"].includes(field.type)
    && field.tagName !== "FIELDSET" && field.tagName !== "OUTPUT" && !field.hasAttribute("data-no-keep"));
  const keyOf = (form) => PREFIX + owner + ":" + location.pathname + ":" + (form.id || "form" + forms().indexOf(form));
  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const valueOf = (field) => {
    if (isChoice(field)) return field.checked ? field.value : null;
    if (field.multiple && field.options) return Array.from(field.selectedOptions, (option) => option.value);
    return field.value;
  };
  const state = (form) => fields(form).map((field) => [field.name, isChoice(field) ? "=" + field.value : "", valueOf(field)]);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const mark = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const marks = new WeakMap();
  const untouched = new WeakMap();

  const keep = (form, always) => {
    const values = state(form);
    const key = keyOf(form);
    if (!values.length || leaving) return;
    if (!always && same(values, untouched.get(form))) { store.removeItem(key); return; }
    if (!marks.has(form)) marks.set(form, mark());
    try { store.setItem(key, JSON.stringify({ mark: marks.get(form), at: Date.now(), values })); } catch { /* full: the page still works */ }
  };

  const put = (form, values) => {
    const left = [];
    const found = new Map();
    for (const field of fields(form)) {
      const place = field.name + (isChoice(field) ? "=" + field.value : "");
      found.set(place, [...(found.get(place) || []), field]);
    }
    for (const [name, choice, value] of values) {
      const field = (found.get(name + choice) || []).shift();
      if (!field) { if (typeof value === "string" && value.trim() && !choice) left.push(value); continue; }
      if (isChoice(field)) field.checked = value !== null;
      else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
      else field.value = value;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return left;
  };

  const offer = (form, draft) => {
    const box = document.getElementById("keep-offer").content.firstElementChild.cloneNode(true);
    box.querySelector("[data-keep-when]").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    box.querySelector("[data-keep-restore]").addEventListener("click", () => {
      marks.set(form, draft.mark);
      const left = put(form, draft.values);
      keep(form);
      box.querySelector(".btn-list").remove();
      if (!left.length) { box.remove(); fields(form)[0]?.focus(); return; }
      const rest = box.querySelector("[data-keep-rest]");
      rest.hidden = false;
      rest.open = true;
      rest.querySelector("pre").textContent = left.join("\n\n");
    });
    box.querySelector("[data-keep-drop]").addEventListener("click", () => { store.removeItem(keyOf(form)); box.remove(); });
    form.prepend(box);
  };

  const watch = (form) => {
    if (untouched.has(form)) return;
    untouched.set(form, state(form));
    const draft = read(keyOf(form));
    if (draft && !same(draft.values, state(form))) offer(form, draft);
    let later = 0;
    const soon = () => {
      clearTimeout(later);
      later = setTimeout(() => { later = 0; keep(form); }, 300);
    };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", () => {
      clearTimeout(later);
      later = 0;
      keep(form, true);  // also when unchanged: a form shown again with its text may be sent into an expired session
      if (!marks.has(form)) return;
      let named = form.querySelector('input[name="_draft"]');
      if (!named) {
        named = document.createElement("input");
        named.type = "hidden";
        named.name = "_draft";
        form.append(named);
      }
      named.value = marks.get(form);
    });
    window.addEventListener("pagehide", () => { if (later) keep(form); });
  };

  forms().forEach(watch);
  document.addEventListener("htmx:afterSettle", () => forms().forEach(watch));
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt?.closest?.("form");
    if (!form || !untouched.has(form) || event.detail.requestConfig.verb === "get") return;
    if (event.detail.elt.closest("[data-saves-nothing]")) return;  // a check or another row: nothing is safe yet
    if (event.detail.successful && !form.querySelector(".is-invalid")) {
      store.removeItem(keyOf(form));
      untouched.set(form, state(form));
    }
  });
})();
