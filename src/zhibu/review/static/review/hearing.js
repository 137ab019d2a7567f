// The clock of who speaks, and the arrow keys of the big screen. Without it the page says when the time is over.
"use strict";
(() => {
  const tick = () => {
    for (const timer of document.querySelectorAll("[data-timer]")) {
      const left = Math.round((new Date(timer.dataset.ends) - Date.now()) / 1000);
      const clock = timer.querySelector(".timer-clock");
      const seconds = Math.abs(left);
      clock.hidden = false;
      clock.textContent = (left < 0 ? "+" : "") + Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
      clock.classList.toggle("timer-late", left < 0);
    }
  };
  setInterval(tick, 1000);
  document.addEventListener("htmx:afterSettle", tick);
  tick();
  document.addEventListener("keydown", (event) => {
    const turn = { ArrowRight: "1", PageDown: "1", " ": "1", ArrowLeft: "-1", PageUp: "-1" }[event.key];
    const link = turn && document.querySelector('[data-turn="' + turn + '"]');
    if (link) { event.preventDefault(); link.click(); }
  });
})();
