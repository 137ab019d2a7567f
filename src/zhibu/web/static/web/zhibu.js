// The frame's small helpers: menus that close, the form token for htmx, a sign of life while the server works.
// Everything works without them.
"use strict";
(() => {
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });

  // A bar after 0.4 s for forms and htmx requests. A form that answers with a file carries data-no-busy.
  let waiting = 0;
  let bar = null;
  const begin = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      bar = bar || document.createElement("div");
      bar.className = "busy-bar";
      bar.setAttribute("role", "progressbar");
      document.body.append(bar);
    }, 400);
  };
  const end = () => {
    clearTimeout(waiting);
    if (bar) bar.remove();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.hasAttribute("data-no-busy")) return;
    if (form.dataset.sent && form.method === "post") { event.preventDefault(); return; }
    if (form.method === "post") {
      form.dataset.sent = "yes";
      setTimeout(() => { delete form.dataset.sent; }, 5000);
    }
    begin();
  });
  document.addEventListener("htmx:beforeRequest", begin);
  document.addEventListener("htmx:afterRequest", end);
  window.addEventListener("pageshow", () => {
    end();
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // A table wider than the window can be scrolled with the keyboard.
  const reachable = () => {
    for (const box of document.querySelectorAll(".table-responsive")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("resize", reachable);
  document.addEventListener("htmx:afterSettle", reachable);
  reachable();
})();
