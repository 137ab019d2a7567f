// What a reader with a screen reader or a keyboard would stumble over on this page, as sentences.
() => {
  const faults = [];
  const visible = (element) => element.checkVisibility();
  const h1 = [...document.querySelectorAll("h1")].filter(visible);
  if (h1.length !== 1) faults.push(h1.length + " main headings");
  else if (!h1[0].innerText.trim()) faults.push("empty main heading");
  let level = 1;
  for (const heading of [...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)")].filter(visible)) {
    const own = Number(heading.tagName[1]);
    if (own > level + 1) faults.push("heading " + heading.tagName + " after H" + level + ": " + heading.innerText.slice(0, 20));
    level = own;
  }
  for (const control of document.querySelectorAll("input:not([type=hidden]), select, textarea")) {
    const named = control.labels?.length || control.getAttribute("aria-label") || control.getAttribute("aria-labelledby") || control.title;
    if (!named) faults.push("control without label: " + control.outerHTML.slice(0, 90));
  }
  for (const button of document.querySelectorAll("a[href], button, summary")) {
    const said = button.textContent.trim() || button.getAttribute("aria-label") || button.title || button.querySelector("img[alt]")?.alt;
    if (!said) faults.push("nothing to read aloud: " + button.outerHTML.slice(0, 90));
  }
  for (const image of document.querySelectorAll("img:not([alt])")) faults.push("picture without alt: " + image.src);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) faults.push("ids given twice: " + [...new Set(twice)].slice(0, 5).join(", "));
  if (!document.documentElement.lang) faults.push("no language");
  if (document.title.trim().startsWith("·")) faults.push("no title");
  return faults;
}
