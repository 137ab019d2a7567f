// The text areas of the page become a sheet of paragraphs to write in. Figures of the ledger are chips: they are moved
// and deleted as a whole, never typed over. The text areas stay the truth that is saved; this script keeps them so.
"use strict";
(() => {
  const form = document.querySelector("form[data-editor]");
  if (!form) return;
  const sheet = form.querySelector("[data-sheet]");
  const chips = JSON.parse(document.getElementById("claims-data").textContent);
  const words = document.getElementById("words").dataset;
  const TOKEN = /\[\[([^[\]]+)\]\]/g;
  const ZERO = "\u200b"; // a place for the caret beside a chip at the edge of a paragraph
  const plain = (text) => text.replaceAll(ZERO, "").replaceAll("\u00a0", " ");

  // --- words and chips ------------------------------------------------------------------------------------------
  const chip = (token) => {
    const span = document.createElement("span");
    span.contentEditable = "false";
    span.tabIndex = 0;
    span.dataset.token = token;
    span.setAttribute("role", "button");
    if (token.startsWith("gap ")) {
      span.className = "chip chip-gap";
      span.textContent = token.slice(4);
      span.title = words.gap;
    } else {
      const known = chips[token];
      span.className = known ? "chip" : "chip chip-lost";
      span.textContent = known ? known.text : token;
      span.title = known ? `${known.label}（${words.chip}）` : token;
    }
    return span;
  };
  const isChip = (node) => node?.nodeType === 1 && node.dataset?.token !== undefined;
  const known = (token) => token.startsWith("gap ") || token in chips;

  const nodes = (text) => {
    const found = [];
    let at = 0;
    for (const match of text.matchAll(TOKEN)) {
      if (!known(match[1])) continue;
      if (match.index > at) found.push(document.createTextNode(text.slice(at, match.index)));
      found.push(chip(match[1]));
      at = match.index + match[0].length;
    }
    if (at < text.length) found.push(document.createTextNode(text.slice(at)));
    return found;
  };
  const edges = (rich) => {
    if (isChip(rich.firstChild)) rich.prepend(ZERO);
    if (isChip(rich.lastChild)) rich.append(ZERO);
  };
  const written = (node) => {
    let text = "";
    for (const child of node.childNodes) {
      if (child.nodeType === 3) text += child.data;
      else if (isChip(child)) text += `[[${child.dataset.token}]]`;
      else if (child.nodeType === 1 && child.dataset.gap !== undefined && plain(child.textContent) === child.dataset.gap) text += `[[gap ${child.dataset.gap}]]`;
      else if (child.nodeType === 1) text += written(child);
    }
    return plain(text).replaceAll("\n", " ");
  };

  // --- paragraphs -------------------------------------------------------------------------------------------------
  const blocks = () => Array.from(sheet.children);
  const rich = (block) => block.querySelector(".rb-rich");
  const area = (block) => block.querySelector("textarea");
  const style = (block) => block.querySelector("select");
  const rows = () => blocks().map((block) => [style(block).value, area(block).value]);
  const pattern = sheet.firstElementChild.cloneNode(true);

  const set = (block, name, text) => {
    style(block).value = name;
    block.dataset.style = name;
    area(block).value = text;
    rich(block).replaceChildren(...nodes(text));
    edges(rich(block));
  };
  const dress = (block) => {
    const text = area(block);
    const field = document.createElement("div");
    field.className = "rb-rich";
    field.contentEditable = "true";
    field.spellcheck = false;
    field.setAttribute("role", "textbox");
    field.setAttribute("aria-multiline", "true");
    text.hidden = true;
    text.after(field);
    set(block, style(block).value, text.value);
    return block;
  };
  const made = (name, text) => {
    const block = pattern.cloneNode(true);
    dress(block);
    set(block, name, text);
    return block;
  };
  const number = () => blocks().forEach((block, at) => {
    block.id = `block-${at}`;
    rich(block).setAttribute("aria-label", `${words.paragraph} ${at + 1}`);
  });

  const caret = (field, atEnd, node = null, offset = 0) => {
    field.focus({ preventScroll: true });
    const range = document.createRange();
    if (node) range.setStart(node, offset);
    else range.selectNodeContents(field);
    if (!node) range.collapse(!atEnd);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const place = () => {
    const selection = getSelection();
    if (!selection.rangeCount) return null;
    const range = selection.getRangeAt(0);
    const field = (range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement)?.closest(".rb-rich");
    return field && sheet.contains(field) ? { range, field, block: field.parentElement } : null;
  };
  const side = (here, after) => {
    const range = document.createRange();
    range.selectNodeContents(here.field);
    if (after) range.setStart(here.range.endContainer, here.range.endOffset);
    else range.setEnd(here.range.startContainer, here.range.startOffset);
    return range;
  };
  const empty = (range) => written(range.cloneContents()) === "";

  // --- one history for typing and for moving paragraphs -------------------------------------------------------------
  let history = [];
  let at = -1;
  let later = 0;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const remember = () => {
    clearTimeout(later);
    const now = rows();
    if (at >= 0 && same(history[at], now)) return;
    history = [...history.slice(Math.max(0, at - 199), at + 1), now];
    at = history.length - 1;
  };
  const edited = (block = null) => {
    for (const each of block ? [block] : blocks()) area(each).value = written(rich(each));
    number();
    clearTimeout(later);
    later = setTimeout(remember, 500);
    form.dispatchEvent(new CustomEvent("report-edited"));
  };
  const changed = (change) => { remember(); change(); edited(); remember(); };
  const render = (wanted) => {
    const before = rows();
    wanted.forEach(([name, text], n) => {
      const block = sheet.children[n];
      if (!block) sheet.append(made(name, text));
      else if (!same(before[n], [name, text])) set(block, name, text);
    });
    while (sheet.children.length > wanted.length) sheet.lastElementChild.remove();
    edited();
    const first = wanted.findIndex((row, n) => !same(row, before[n]));
    const block = sheet.children[first < 0 ? wanted.length - 1 : first];
    if (block) caret(rich(block), true);
  };
  const travel = (step) => {
    remember();
    if (!history[at + step]) return;
    at += step;
    render(history[at]);
    clearTimeout(later);
  };

  // --- writing ----------------------------------------------------------------------------------------------------
  const split = () => {
    const here = place();
    if (!here) return;
    changed(() => {
      here.range.deleteContents();
      const rest = side(here, true).extractContents();
      const name = style(here.block).value;
      const block = made(["paragraph", "heading-3", "heading-4"].includes(name) ? name : "paragraph", written(rest));
      here.block.after(block);
      edges(here.field);
      caret(rich(block), false);
    });
  };
  const join = (upper, lower) => {
    if (!upper || !lower) return;
    changed(() => {
      const mark = document.createTextNode(ZERO);
      rich(upper).append(mark, ...rich(lower).childNodes);
      lower.remove();
      edges(rich(upper));
      caret(rich(upper), false, mark, 1);
    });
  };
  const beside = (here, after) => {
    let { startContainer: node, startOffset: offset } = here.range;
    if (node.nodeType === 3) {
      if (plain(after ? node.data.slice(offset) : node.data.slice(0, offset)) !== "") return null;
      node = after ? node.nextSibling : node.previousSibling;
    } else node = node.childNodes[after ? offset : offset - 1];
    while (node?.nodeType === 3 && plain(node.data) === "") node = after ? node.nextSibling : node.previousSibling;
    return isChip(node) ? node : null;
  };
  const put = (text) => {
    const here = place();
    if (!here) return;
    const lines = text.replaceAll("\r", "").split("\n").map((line) => line.trim()).filter(Boolean);
    if (!lines.length) return;
    changed(() => {
      here.range.deleteContents();
      const rest = lines.length > 1 ? written(side(here, true).extractContents()) : "";
      const first = nodes(safe(lines[0]));
      for (const node of first.slice().reverse()) here.range.insertNode(node);
      let block = here.block;
      edges(here.field);
      for (const line of lines.slice(1)) {
        const next = made("paragraph", safe(line));
        block.after(next);
        block = next;
      }
      if (lines.length > 1) rich(block).append(...nodes(rest));
      const last = lines.length > 1 ? null : first.at(-1);
      if (last) { const range = document.createRange(); range.setStartAfter(last); caret(here.field, true, range.startContainer, range.startOffset); }
      else caret(rich(block), true);
    });
  };
  // Brackets that quote nothing known would be refused; they become ordinary full-width ones.
  const safe = (text) => {
    const kept = [];
    const masked = text.replace(TOKEN, (whole, token) => (known(token) ? `\u0001${kept.push(whole) - 1}\u0002` : whole));
    return masked.replaceAll("[[", "［［").replaceAll("]]", "］］").replace(/\u0001(\d+)\u0002/g, (_whole, n) => kept[Number(n)]);
  };
  const fill = (gap) => {
    const field = gap.closest(".rb-rich");
    const span = document.createElement("span");
    span.className = "filling";
    span.dataset.gap = gap.dataset.token.slice(4);
    span.textContent = span.dataset.gap;
    gap.replaceWith(span);
    field.focus({ preventScroll: true });
    getSelection().selectAllChildren(span);
  };
  const unfill = (field) => {
    for (const span of field.querySelectorAll(".filling")) {
      if (plain(span.textContent) === span.dataset.gap) span.replaceWith(chip(`gap ${span.dataset.gap}`));
      else span.replaceWith(...span.childNodes);
    }
    edges(field);
  };

  sheet.addEventListener("beforeinput", (event) => {
    if (event.inputType.startsWith("format") || event.inputType.startsWith("history")) event.preventDefault();
    if (event.inputType === "insertParagraph" || event.inputType === "insertLineBreak") { event.preventDefault(); split(); }
  });
  sheet.addEventListener("input", (event) => {
    const block = event.target.closest("[data-block]");
    if (block) edited(block);
  });
  sheet.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const focused = event.target;
    if (isChip(focused) && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); focused.click(); return; }
    if ((event.ctrlKey || event.metaKey) && !event.altKey) {
      const key = event.key.toLowerCase();
      if (key === "z" || key === "y") { event.preventDefault(); travel(key === "y" || event.shiftKey ? 1 : -1); }
      return;
    }
    const here = place();
    if (!here || !focused.classList.contains("rb-rich")) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); shift(here.block, event.key === "ArrowUp" ? -1 : 1); return; }
    if (!here.range.collapsed) return;
    const back = event.key === "Backspace";
    if (back || event.key === "Delete") {
      const near = beside(here, !back);
      if (near) { event.preventDefault(); changed(() => near.remove()); }
      else if (empty(side(here, !back))) {
        event.preventDefault();
        if (back) join(here.block.previousElementSibling, here.block);
        else join(here.block, here.block.nextElementSibling);
      }
      return;
    }
    const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[event.key];
    const next = step && !event.shiftKey && (step < 0 ? here.block.previousElementSibling : here.block.nextElementSibling);
    if (!next) return;
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    if (sideways ? empty(side(here, step > 0)) : onEdge(here, step)) { event.preventDefault(); caret(rich(next), step < 0); next.scrollIntoView({ block: "nearest" }); }
  });
  const onEdge = (here, step) => {
    const box = here.field.getBoundingClientRect();
    const line = here.range.getBoundingClientRect();
    if (!line.height) return empty(side(here, step > 0));
    return step < 0 ? line.top - box.top < line.height : box.bottom - line.bottom < line.height;
  };
  sheet.addEventListener("paste", (event) => {
    event.preventDefault();
    put(event.clipboardData.getData("text/x-zhibu") || event.clipboardData.getData("text/plain"));
  });
  for (const name of ["copy", "cut"]) {
    sheet.addEventListener(name, (event) => {
      const here = place();
      if (!here || here.range.collapsed) return;
      event.preventDefault();
      event.clipboardData.setData("text/plain", plain(here.range.toString()));
      event.clipboardData.setData("text/x-zhibu", written(here.range.cloneContents()));
      if (name === "cut") changed(() => here.range.deleteContents());
    });
  }
  sheet.addEventListener("drop", (event) => event.preventDefault());
  sheet.addEventListener("focusout", (event) => { if (event.target.classList?.contains("rb-rich")) unfill(event.target); });
  sheet.addEventListener("click", (event) => {
    const touched = event.target.closest("[data-token]");
    if (touched && sheet.contains(touched)) {
      if (touched.dataset.token.startsWith("gap ")) fill(touched);
      else if (chips[touched.dataset.token]) document.dispatchEvent(new CustomEvent("show-evidence", { detail: chips[touched.dataset.token].url }));
    }
  });

  // One bar of tools for the paragraph that is written in.
  const bar = form.querySelector("[data-tools]");
  const chosen = bar.querySelector("[data-style-now]");
  let current = null;
  const point = (block) => {
    current?.classList.remove("current");
    current = block && sheet.contains(block) ? block : sheet.firstElementChild;
    current.classList.add("current");
    chosen.value = style(current).value;
  };
  sheet.addEventListener("focusin", (event) => point(event.target.closest("[data-block]")));
  chosen.addEventListener("change", () => {
    if (!sheet.contains(current)) point(null);
    changed(() => { style(current).value = chosen.value; current.dataset.style = chosen.value; });
    caret(rich(current), true);
  });
  bar.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-act]");
    if (!button) return;
    if (!sheet.contains(current)) point(null);
    const block = current;
    const act = button.dataset.act;
    if (act === "up" || act === "down") shift(block, act === "up" ? -1 : 1);
    if (act === "add") changed(() => { const next = made("paragraph", ""); block.after(next); caret(rich(next), false); });
    if (act === "drop" && sheet.children.length > 1) {
      const next = block.nextElementSibling || block.previousElementSibling;
      changed(() => block.remove());
      caret(rich(next), false);
    }
  });
  const shift = (block, step) => {
    const other = step < 0 ? block.previousElementSibling : block.nextElementSibling;
    if (!other) return;
    changed(() => (step < 0 ? other.before(block) : other.after(block)));
    caret(rich(block), true);
    block.scrollIntoView({ block: "nearest" });
  };

  // --- figures put in, places jumped to -------------------------------------------------------------------------------
  let last = null;
  document.addEventListener("selectionchange", () => {
    const here = place();
    if (here) last = { field: here.field, range: here.range.cloneRange() };
  });
  const insert = document.querySelector("form[data-insert]");
  insert?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const problem = insert.querySelector("[data-insert-problem]");
    const answer = await fetch(insert.action, { method: "POST", body: new FormData(insert), headers: { "HX-Request": "true" } }).catch(() => null);
    const page = new DOMParser().parseFromString(answer ? await answer.text() : "", "text/html");
    const row = page.querySelector("[data-claim]");
    problem.replaceChildren(...(row ? [] : page.querySelectorAll(".alert")));
    if (!row) return;
    chips[row.dataset.claim] = { text: row.dataset.text, label: row.dataset.label, url: row.dataset.url };
    const legend = document.querySelector("[data-legend]");
    if (!legend.querySelector(`[data-claim="${row.dataset.claim}"]`)) legend.append(row);
    const field = last && sheet.contains(last.field) ? last.field : rich(blocks().find((block) => style(block).value === "paragraph") || sheet.firstElementChild);
    if (last?.field === field) { field.focus({ preventScroll: true }); getSelection().removeAllRanges(); getSelection().addRange(last.range); getSelection().collapseToEnd(); }
    else caret(field, true);
    put(`[[${row.dataset.claim}]]`);
  });

  const spot = (field, words) => {
    const places = [];
    const walker = document.createTreeWalker(field, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (let n = 0; n < node.data.length; n += 1) if (node.data[n] !== ZERO) places.push([node, n]);
    }
    const start = places.map(([node, n]) => node.data[n]).join("").indexOf(words);
    if (start < 0 || !words) return null;
    const range = document.createRange();
    range.setStart(...places[start]);
    const [node, n] = places[start + words.length - 1];
    range.setEnd(node, n + 1);
    return range;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-jump]");
    const block = link && sheet.children[Number(link.dataset.jump)];
    if (!block) return;
    event.preventDefault();
    block.scrollIntoView({ block: "center" });
    block.classList.remove("flash");
    requestAnimationFrame(() => block.classList.add("flash"));
    const gap = link.dataset.gap && Array.from(block.querySelectorAll("[data-token]")).find((one) => one.dataset.token === `gap ${link.dataset.gap}`);
    if (gap) { fill(gap); return; }
    const range = spot(rich(block), link.dataset.excerpt || "");
    caret(rich(block), true);
    if (range) { getSelection().removeAllRanges(); getSelection().addRange(range); }
  });
  let spots = [];
  const mark = () => {
    spots = Array.from(document.querySelectorAll("#panel a[data-excerpt]"), (link) => {
      const block = sheet.children[Number(link.dataset.jump)];
      const range = block && !link.closest(".aside") ? spot(rich(block), link.dataset.excerpt) : null;
      return range && { link, range, name: link.dataset.severity || "warning" };
    }).filter(Boolean);
    if (!window.CSS?.highlights || !window.Highlight) return;
    for (const name of ["info", "warning", "error"]) CSS.highlights.set(`doubt-${name}`, new Highlight(...spots.filter((one) => one.name === name).map((one) => one.range)));
  };
  document.addEventListener("panel-settled", mark);
  sheet.addEventListener("click", (event) => {
    const place = document.caretPositionFromPoint?.(event.clientX, event.clientY);
    const found = place && spots.find((one) => one.range.isPointInRange(place.offsetNode, place.offset));
    if (found) document.dispatchEvent(new CustomEvent("show-remark", { detail: found.link }));
  });

  form.querySelector("[data-undo]")?.addEventListener("click", () => travel(-1));
  form.querySelector("[data-redo]")?.addEventListener("click", () => travel(1));
  form.addEventListener("report-restore", (event) => { remember(); render(event.detail); remember(); });

  blocks().forEach(dress);
  number();
  sheet.classList.add("live");
  for (const part of form.querySelectorAll("[data-script]")) part.hidden = false;
  point(null);
  remember();
})();
