"use strict";
// The scrutineer's page: makes the keys and keeps them in this browser; opens one envelope of every ballot, sorts, signs.
(async () => {
  const page = document.getElementById("scrutineer"), say = page.dataset, find = (id) => document.getElementById(id);
  const tell = (name, kind, values = {}) => {
    const text = Object.keys(values).reduce((words, key) => words.replaceAll(`{${key}}`, values[key]), say[name]);
    Object.assign(find("said"), { textContent: text, className: `alert alert-${kind}`, hidden: false });
  };
  if (!crypto.subtle) return tell("insecure", "danger");
  const subtle = crypto.subtle;

  // --- keys, kept as objects that give no secret away
  const database = new Promise((done, failed) => {
    const asked = indexedDB.open("zhibu-ballots", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("keys");
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const keep = async (keys) => new Promise(async (done, failed) => {
    const change = (await database).transaction("keys", "readwrite");
    change.objectStore("keys").put(keys, say.uid);
    change.oncomplete = done;
    change.onerror = () => failed(change.error);
  });
  const held = async () => new Promise(async (done, failed) => {
    const asked = (await database).transaction("keys").objectStore("keys").get(say.uid);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  async function drawn(how, uses) {
    const pair = await subtle.generateKey(how, true, uses);
    return { jwk: await subtle.exportKey("jwk", pair.privateKey), point: hpke.text(new Uint8Array(await subtle.exportKey("raw", pair.publicKey))) };
  }
  const locked = (jwk, how, uses) => subtle.importKey("jwk", { ...jwk, key_ops: uses }, how, false, uses);
  const pointOf = ({ x, y }) => hpke.text(hpke.join([4], hpke.bytes(x), hpke.bytes(y)));
  const sign = async (key, message) => hpke.text(new Uint8Array(await subtle.sign(hpke.SIGN, key, hpke.ascii(message))));

  async function made(sealing, signing) {
    return {
      sealing: await locked(sealing, hpke.ECDH, ["deriveBits"]), signing: await locked(signing, hpke.SIGN, ["sign"]),
      points: [pointOf(sealing), pointOf(signing)],
    };
  }
  // The words for the sealed envelope: both secrets with both points, and four signs that tell a slip of the pen.
  async function written(sealing, signing) {
    const parts = [sealing, signing].flatMap(({ d, x, y }) => [d, x, y]).join(".");
    return `${parts}.${(await hpke.hex(parts)).slice(0, 4)}`;
  }
  async function read(words) {
    const parts = words.replace(/\s+/g, "").split(".");
    if (parts.length !== 7 || (await hpke.hex(parts.slice(0, 6).join("."))).slice(0, 4) !== parts[6]) return null;
    const jwk = (n) => ({ kty: "EC", crv: "P-256", ext: true, d: parts[n], x: parts[n + 1], y: parts[n + 2] });
    try { return await made(jwk(0), jwk(3)); } catch { return null; }
  }

  const form = find("key-form");
  if (form) find("make-key").addEventListener("click", async () => {
    const [sealing, signing] = [await drawn(hpke.ECDH, ["deriveBits"]), await drawn(hpke.SIGN, ["sign", "verify"])];
    const keys = await made(sealing.jwk, signing.jwk), words = await written(sealing.jwk, signing.jwk);
    await keep(keys);
    const proof = await sign(keys.signing, hpke.canonical({ ballot: say.uid, sealing: keys.points[0], signing: keys.points[1] }));
    Object.assign(form.elements.sealing, { value: keys.points[0] });
    Object.assign(form.elements.signing, { value: keys.points[1] });
    Object.assign(form.elements.proof, { value: proof });
    find("own-mark").textContent = hpke.mark(await hpke.hex(keys.points.join(".")));
    find("envelope").textContent = words.match(/.{1,8}/g).join(" ");
    Object.assign(find("download"), { href: `data:text/plain,${encodeURIComponent(words)}` });
    find("made").hidden = false;
    find("make-key").hidden = true;
  });
  if (find("print")) find("print").addEventListener("click", () => window.print());

  // --- opening
  const work = find("mix-form");
  if (!work) return;
  const points = [say.sealing, say.signing];
  const fits = (keys) => keys && keys.points.join() === points.join();
  let keys = await held().catch(() => undefined);
  find("from-envelope").hidden = fits(keys);
  work.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!fits(keys)) keys = await read(work.elements.envelope.value);
    if (!fits(keys)) { find("from-envelope").hidden = false; return tell("nokey", "danger"); }
    const button = work.querySelector("button");
    button.disabled = true;
    try {
      const { layer, after, lists, ballot, size } = await (await fetch(say.before)).json();
      const opened = [];
      for (const entries of lists) opened.push(await mixed(entries, keys, ballot, layer, size));
      const signature = await sign(keys.signing, hpke.canonical({ after, ballot, layer, lists: opened }));
      const body = new FormData(work);
      body.delete("envelope");
      body.append("lists", new Blob([JSON.stringify({ lists: opened, signature })], { type: "application/json" }), "lists.json");
      const answer = await fetch(work.action, { method: "POST", body }), told = await answer.json();
      if (!answer.ok) return tell("refused", "danger", { why: told.message });
      location.assign(told.next);
    } catch { tell("lost", "danger"); } finally { button.disabled = false; }
  });

  async function mixed(entries, mine, ballot, layer, size) {
    const found = new Set(), info = hpke.info(ballot, layer), CHUNK = 50;
    for (let from = 0; from < entries.length; from += CHUNK) {
      tell("working", "info", { n: from, all: entries.length });
      for (const inner of await Promise.all(entries.slice(from, from + CHUNK).map((entry) => open(hpke.bytes(entry), mine, info))))
        if (inner && inner.length === size) found.add(hpke.text(inner));
    }
    return [...found].sort();
  }
  // What is in an envelope; null when it is not for this key and place, or was touched.
  async function open(data, mine, info) {
    try {
      const enc = data.slice(0, 65), theirs = await subtle.importKey("raw", enc, hpke.ECDH, true, []);
      const [key, how] = await hpke.schedule(await hpke.agree(mine.sealing, theirs), hpke.join(enc, hpke.bytes(mine.points[0])), info);
      return new Uint8Array(await subtle.decrypt(how, key, data.slice(65)));
    } catch { return null; }
  }
})();
