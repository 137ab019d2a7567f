// The number on the bell: told by the server as it happens, or, where there are no live updates, asked for once a minute.
// Without script the number is that of the page's own moment.
"use strict";
(() => {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  const badge = bell.querySelector("[data-bell-count]");
  const number = bell.querySelector("[data-bell-number]");
  const show = (unread) => {
    number.textContent = unread > 99 ? "99+" : String(unread);
    badge.hidden = unread === 0;
  };

  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(bell.dataset.bell, { headers: { "X-Zhibu-By-Itself": "1" }, redirect: "error" });
      if (answer.ok) show((await answer.json()).unread);
    } catch { /* away for a moment, or logged out: the next page will tell */ }
  };
  let asking = 0;
  const askEveryMinute = () => { asking = asking || setInterval(ask, 60000); };
  document.addEventListener("htmx:afterSettle", (event) => { if (event.target.closest(".notice-list")) ask(); });

  if (!bell.dataset.live || !window.EventSource) { askEveryMinute(); return; }
  let source = null;
  let failures = 0;
  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource(bell.dataset.live, { withCredentials: true });
    source.addEventListener("unread", (event) => { failures = 0; show(Number(event.data)); });
    source.addEventListener("error", () => {
      failures += 1;
      if (source.readyState !== EventSource.CLOSED && failures < 3) return;
      source.close();
      source = null;
      askEveryMinute();
    });
  };
  // A page nobody looks at holds no connection.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { if (!asking) listen(); else ask(); return; }
    if (source) { source.close(); source = null; }
  });
  window.addEventListener("pagehide", () => { if (source) { source.close(); source = null; } });
  listen();
})();
