// Two texts beside each other: passages jumped to one after the other, both panes scrolled together. Without script the
// numbers of the passages lead from one side to the other.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  const pair = document.querySelector("[data-pair]");
  const left = pair?.querySelector('[data-pane="a"]');
  const right = pair?.querySelector('[data-pane="b"]');
  if (!left || !right) return;
  const total = left.querySelectorAll(".pg-n").length;
  const bar = pair.querySelector("[data-script]");
  const say = bar.querySelector("[data-now]");
  const together = bar.querySelector("[data-together]");
  if (!total) return;
  bar.hidden = false;

  const mark = (pane, n) => pane.querySelector(`#${pane.dataset.pane}${n}`) || pane.querySelector(`[data-passage="${n}"]`);
  const top = (pane, node) => node.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
  const line = (pane) => pane.clientHeight / 3; // where in the pane a passage is looked at

  let now = 0;
  const show = (n, except = null) => {
    now = n;
    say.textContent = say.dataset.of.replace("{n}", n).replace("{total}", total);
    for (const each of pair.querySelectorAll(".pg.now")) each.classList.remove("now");
    for (const pane of [left, right]) {
      for (const part of pane.querySelectorAll(`[data-passage="${n}"]`)) part.classList.add("now");
      const found = mark(pane, n);
      if (found && pane !== except) pane.scrollTop = top(pane, found) - line(pane);
    }
    quiet = performance.now() + 300;
  };

  // Scrolling one pane takes the other along: places between two passages are placed in proportion. Passages that stand
  // in another order are passed over.
  let quiet = 0;
  const knots = () => {
    const found = [[0, 0]];
    for (let n = 1; n <= total; n += 1) {
      const [a, b] = [mark(left, n), mark(right, n)];
      if (!a || !b) continue;
      const knot = [top(left, a), top(right, b)];
      if (knot[0] > found.at(-1)[0] && knot[1] > found.at(-1)[1]) found.push(knot);
    }
    found.push([left.scrollHeight, right.scrollHeight]);
    return found;
  };
  const across = (place, from, to) => {
    const all = knots();
    const at = Math.max(1, all.findIndex((knot) => knot[from] >= place));
    const [before, after] = [all[at - 1], all[at]];
    const share = (place - before[from]) / (after[from] - before[from] || 1);
    return before[to] + share * (after[to] - before[to]);
  };
  let driver = null;
  for (const pane of [left, right]) {
    for (const name of ["wheel", "pointerdown", "touchstart", "keydown", "focusin"]) pane.addEventListener(name, () => { driver = pane; quiet = 0; }, { passive: true });
    pane.addEventListener("scroll", () => {
      if (pane !== driver || !together.checked || performance.now() < quiet) return;
      const [other, from, to] = pane === left ? [right, 0, 1] : [left, 1, 0];
      const at = pane.scrollTop <= 0 ? 0 : across(pane.scrollTop + line(pane), from, to) - line(other);
      other.scrollTop = at;
    }, { passive: true });
  }

  pair.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) show((now + Number(step.dataset.step) - 1 + total) % total + 1);
    const part = event.target.closest(".pair-pane [data-passage]");
    if (!part) return;
    event.preventDefault();
    show(Number(part.dataset.passage), event.target.closest(".pg-n") ? null : part.closest(".pair-pane"));
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) { event.preventDefault(); show((now + step - 1 + total) % total + 1); }
  });
  const asked = /^#[ab](\d+)$/.exec(location.hash);
  if (getComputedStyle(left).display !== "none" && left.clientHeight) show(asked && Number(asked[1]) <= total ? Number(asked[1]) : 1);
})();
