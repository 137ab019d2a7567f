"use strict";
// An anonymous questionnaire. On the first page the device draws a token, has it signed blindly and takes the blinding
// away (RSABSSA-SHA384-PSS-Deterministic, RFC 9474); on the second, which knows nobody, it answers with the token.
(async () => {
  const page = document.getElementById("ask"), say = page.dataset, store = `zhibu-ask-${say.uid}`;
  const find = (id) => document.getElementById(id);
  const words = (name, values = {}) => Object.keys(values).reduce((text, key) => text.replaceAll(`{${key}}`, values[key]), say[name]);
  const tell = (name, values, kind = "") => Object.assign(find("said"), { textContent: words(name, values), className: kind, hidden: false });
  if (!globalThis.crypto?.subtle) return tell("insecure", {}, "bad");

  const SIZE = 256;
  const text = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const bytes = (signs) => Uint8Array.from(atob(signs.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const number = (data) => BigInt(`0x${Array.from(data, (b) => b.toString(16).padStart(2, "0")).join("")}`);
  const data = (value) => Uint8Array.from(value.toString(16).padStart(2 * SIZE, "0").match(/../g), (two) => parseInt(two, 16));
  const draw = (size) => crypto.getRandomValues(new Uint8Array(size));
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const sha384 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-384", join(...parts)));
  const n = number(bytes(say.modulus)), kept = JSON.parse(localStorage.getItem(store) || "null");
  const keep = (value) => localStorage.setItem(store, JSON.stringify(value));

  function power(base) { // base to 65537: squared sixteen times, and once more
    let value = base;
    for (let turn = 0; turn < 16; turn++) value = value * value % n;
    return value * base % n;
  }
  function inverse(value) { // 0 when there is none
    let [a, b, x, y] = [value, n, 1n, 0n];
    while (b) [a, b, x, y] = [b, a % b, y, x - a / b * y];
    return a === 1n ? (x % n + n) % n : 0n;
  }
  async function encoded(token) { // EMSA-PSS, SHA-384, 2047 bits
    const salt = draw(48), seed = await sha384(new Uint8Array(8), await sha384(token), salt);
    const block = join(new Uint8Array(SIZE - 48 - 48 - 2), [1], salt), mask = [];
    for (let turn = 0; mask.length < block.length; turn++) mask.push(...await sha384(seed, [0, 0, 0, turn]));
    const masked = block.map((b, place) => b ^ mask[place]);
    masked[0] &= 0x7f;
    return number(join(masked, seed, [0xbc]));
  }
  async function blinded() {
    const token = draw(32), plain = await encoded(token);
    let factor = 0n, back = 0n;
    while (!back) { factor = number(draw(SIZE)); back = factor < n ? inverse(factor) : 0n; }
    return { token: text(token), plain: text(data(plain)), blinded: text(data(plain * power(factor) % n)), back: text(data(back)) };
  }

  // --- the first page: the right to answer
  async function right() {
    const slip = location.hash.slice(1), who = slip.slice(0, 6) || say.who, answer = () => location.replace(say.answer);
    if (!who) return kept ? answer() : undefined;
    if (kept && kept.who !== who && !kept.done) return tell("other", {}, "bad"); // somebody else's, not yet used
    if (kept?.who === who && (kept.signature || kept.done)) return answer();
    const mine = kept?.blinded ? kept : { ...await blinded(), who };
    keep(mine); // before it is sent: if the answer is lost, the same is asked again
    let reply, given;
    try {
      const body = new URLSearchParams({ blinded: mine.blinded, slip, csrfmiddlewaretoken: document.querySelector("[name=csrfmiddlewaretoken]").value });
      reply = await fetch(say.right, { method: "POST", body });
      given = await reply.json();
    } catch { return tell("lost", {}, "bad"); }
    if (!reply.ok) return tell("refused", { why: given.message }, "bad");
    const signature = number(bytes(given.signed)) * number(bytes(mine.back)) % n;
    if (power(signature) !== number(bytes(mine.plain))) return tell("forged", {}, "bad");
    keep({ who, token: mine.token, signature: text(data(signature)) }); // the blinding is forgotten
    answer();
  }

  // --- the second page: the answers
  function paper() {
    if (kept?.done) return tell("done", {}, "good");
    if (!kept?.signature) return tell("none", {}, "bad");
    const form = find("paper");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim()));
      if (!Object.keys(given).length) return tell("empty", {}, "bad");
      find("send").disabled = true;
      const most = Number(say.most);
      for (let left = 3 + draw(1)[0] % (most - 2); left; left--) { // nobody is to know the moment it was ready
        tell("waiting", { n: left });
        await new Promise((go) => setTimeout(go, 1000));
      }
      try {
        const body = new URLSearchParams({ token: kept.token, signature: kept.signature, answers: JSON.stringify(given) });
        const reply = await fetch(say.send, { method: "POST", body, credentials: "omit", referrerPolicy: "no-referrer" });
        const said = await reply.json();
        if (!reply.ok) return tell("refused", { why: said.message }, "bad");
        keep({ who: kept.who, done: true });
        form.hidden = true;
        tell("done", {}, "good");
      } catch { tell("lost", {}, "bad"); } finally { find("send").disabled = false; }
    });
    form.hidden = false;
  }
  await (find("paper") ? paper() : right());
})();
