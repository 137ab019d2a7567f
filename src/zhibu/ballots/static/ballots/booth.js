"use strict";
// The booth: seals a vote on the voter's device; when the result is out, looks for it by itself.
(async () => {
  const page = document.getElementById("booth"), say = page.dataset, store = `zhibu-ballot-${say.uid}`;
  const find = (id) => document.getElementById(id);
  const words = (name, values = {}) => Object.keys(values).reduce((text, key) => text.replaceAll(`{${key}}`, values[key]), say[name]);
  const put = (parent, tag, text, more = {}) => parent.appendChild(Object.assign(document.createElement(tag), { textContent: text, ...more }));
  const tell = (name, values, kind = "") => put(find("said"), "p", words(name, values), { className: kind });
  const kept = () => JSON.parse(localStorage.getItem(store) || "[]");
  const fours = (code) => code.match(/.{4}/g).join(" ");
  if (!crypto.subtle) return tell("insecure", {}, "bad");

  const steps = (await (await fetch(say.record)).json()).artefacts, manifest = steps[0].body;
  const ballot = await hpke.hex(hpke.canonical(manifest)), watching = manifest.scrutineers;
  find("mark").textContent = hpke.mark(ballot);
  const chosen = (vote) => manifest.questions.map((one, n) => `${one.text}：${vote[n] === null ? say.abstained : one.choices[vote[n]].label}`);
  const show = (vote) => { const list = put(find("said"), "ul", ""); chosen(vote).forEach((line) => put(list, "li", line)); };

  // --- voting
  function paper() {
    const form = find("paper"), slip = location.hash.slice(1);
    let sealed = null;
    manifest.questions.forEach((one, n) => {
      const box = put(find("questions"), "fieldset", ""), row = (put(box, "legend", one.text), put(box, "div", "", { className: "choices" }));
      one.choices.forEach((choice, value) => {
        const label = put(row, "label", "");
        put(label, "input", "", { type: "radio", name: `q${n}`, value });
        put(label, "span", choice.label);
      });
    });
    if (kept().length) tell("again");
    form.addEventListener("change", () => { sealed = null; find("sure").hidden = true; find("cast").textContent = say.next; });
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const vote = manifest.questions.map((one, n) => { const given = form.elements[`q${n}`].value; return given === "" ? null : Number(given); });
      if (find("sure").hidden) {
        find("sure").textContent = "";
        put(find("sure"), "p", words(vote.includes(null) ? "empty" : "sure", { n: vote.filter((one) => one === null).length }));
        chosen(vote).forEach((line) => put(find("sure"), "p", line));
        find("cast").textContent = say.cast;
        find("sure").hidden = false;
        return;
      }
      find("cast").disabled = true;
      find("said").textContent = "";
      try {
        sealed = sealed || await seal(vote);
        const body = new URLSearchParams({ sealed: sealed.layers[0], slip, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
        const answer = await fetch(say.send, { method: "POST", body }), receipt = await answer.json();
        if (!answer.ok) return tell("refused", { why: receipt.message }, "bad");
        const { signature, ...rest } = receipt;
        const mine = rest.ballot === ballot && rest.sealed === await hpke.hex(sealed.layers[0]);
        if (!mine || !await hpke.signed(manifest.receipts, hpke.canonical(rest), signature)) return tell("forged", {}, "bad");
        const who = slip.slice(0, 6) || say.who;
        if (!find("shared").checked) localStorage.setItem(store, JSON.stringify([...kept().filter((one) => one.who !== who), { ...sealed, who, vote, receipt }]));
        form.hidden = true;
        tell("done", {}, "good");
        tell(find("shared").checked ? "write" : "code", { code: fours(sealed.code) });
      } catch { tell("lost", {}, "bad"); } finally { find("cast").disabled = false; }
    });
    form.hidden = false;
  }
  async function seal(vote) {
    const code = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[b & 31]).join("");
    let data = hpke.ascii(JSON.stringify({ c: code, v: vote }).padEnd(512)), key;
    const layers = [hpke.text(data)], keys = [];
    for (let n = watching.length; n; n--) {
      [data, key] = await hpke.seal(data, watching[n - 1].sealing, hpke.info(ballot, n));
      layers.unshift(hpke.text(data));
      keys.unshift(key);
    }
    return { ballot, code, layers, keys };
  }

  // --- looking for one's vote
  const read = (entry) => { try { return JSON.parse(new TextDecoder().decode(hpke.bytes(entry))); } catch { return {}; } };
  async function look() {
    const box = steps.find((one) => one.kind === "box"), mixed = steps.filter((one) => one.kind === "layer");
    for (let n = 1; n < steps.length; n++) if (steps[n].after !== await hpke.hex(hpke.canonical(steps[n - 1]))) return tell("broken", {}, "bad");
    for (const { after, body: { layer, lists, signature } } of mixed)
      if (!await hpke.signed(watching[layer - 1].signing, hpke.canonical({ after, ballot, layer, lists }), signature)) return tell("unsigned", { name: watching[layer - 1].name }, "bad");
    const lists = [box.body.pools.flatMap((one) => one.list), ...mixed.map((one) => one.body.lists.flat())].map((one) => new Set(one));
    for (const mine of kept()) {
      const lost = mine.ballot === ballot ? lists.findIndex((list, n) => !list.has(mine.layers[n])) : 0;
      if (lost < 0) { tell("counted", { code: fours(mine.code) }, "good"); show(mine.vote); continue; }
      tell(lost ? "swapped" : "absent", lost && { name: watching[lost - 1].name, layer: lost }, "bad");
      const proof = lost ? { ballot, layer: lost, outer: mine.layers[lost - 1], inner: mine.layers[lost], ephemeral: mine.keys[lost - 1] } : mine.receipt;
      put(find("said"), "a", say.proof, { download: "proof.json", href: `data:application/json,${encodeURIComponent(JSON.stringify(proof))}` });
    }
    if (!kept().length) tell("nothing");
    find("lookup").addEventListener("submit", (event) => {
      event.preventDefault();
      const code = find("lookup").elements.code.value.toUpperCase().replace(/[^0-9A-Z]/g, "");
      const found = [...lists.at(-1)].map(read).find((one) => one.c === code);
      find("said").textContent = "";
      tell(found ? "found" : "unknown", {}, found ? "good" : "bad");
      if (found) show(found.v);
    });
    find("lookup").hidden = false;
  }
  await (find("paper") ? paper() : look());
})();
