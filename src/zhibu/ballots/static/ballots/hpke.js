"use strict";
// HPKE base mode (RFC 9180): DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. Bytes travel as base64url.
const hpke = (() => {
  const subtle = crypto.subtle, ECDH = { name: "ECDH", namedCurve: "P-256" };
  const ascii = (text) => new TextEncoder().encode(text);
  const join = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));
  const VERSION = ascii("HPKE-v1"), KEM = join(ascii("KEM"), [0, 16]), SUITE = join(ascii("HPKE"), [0, 16, 0, 1, 0, 1]);
  const text = (bytes) => btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const bytes = (words) => Uint8Array.from(atob(words.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const sha256 = async (data) => new Uint8Array(await subtle.digest("SHA-256", data));
  const hex = async (words) => Array.from(await sha256(ascii(words)), (b) => b.toString(16).padStart(2, "0")).join("");

  async function hmac(key, data) {
    const made = await subtle.importKey("raw", key.length ? key : new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    return new Uint8Array(await subtle.sign("HMAC", made, data));
  }
  const extract = (salt, label, data, suite) => hmac(salt, join(VERSION, suite, ascii(label), data));
  const expand = async (prk, label, data, size, suite) => // never more than one block
    (await hmac(prk, join([0, size], VERSION, suite, ascii(label), data, [1]))).slice(0, size);

  async function schedule(shared, points, info) {
    const secret = await expand(await extract([], "eae_prk", shared, KEM), "shared_secret", points, 32, KEM);
    const context = join([0], await extract([], "psk_id_hash", [], SUITE), await extract([], "info_hash", info, SUITE));
    const prk = await extract(secret, "secret", [], SUITE);
    const key = await subtle.importKey("raw", await expand(prk, "key", context, 16, SUITE), "AES-GCM", false, ["encrypt", "decrypt"]);
    return [key, { name: "AES-GCM", iv: await expand(prk, "base_nonce", context, 12, SUITE) }];
  }
  const point = (words) => subtle.importKey("raw", bytes(words), ECDH, true, []);
  const agree = async (mine, theirs) => new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256));

  // The envelope, and the ephemeral key it was made with, which its owner keeps.
  async function seal(data, words, info) {
    const drawn = await subtle.generateKey(ECDH, true, ["deriveBits"]);
    const enc = new Uint8Array(await subtle.exportKey("raw", drawn.publicKey));
    const [key, how] = await schedule(await agree(drawn.privateKey, await point(words)), join(enc, bytes(words)), info);
    const kept = await subtle.exportKey("jwk", drawn.privateKey);
    return [join(enc, new Uint8Array(await subtle.encrypt(how, key, data))), kept.d];
  }
  const SIGN = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  async function signed(words, message, signature) {
    const key = await subtle.importKey("raw", bytes(words), SIGN, true, ["verify"]);
    return subtle.verify(SIGN, key, bytes(signature), ascii(message));
  }
  // The one spelling of JSON that is hashed and signed: no spaces, names in order.
  const canonical = (value) => Array.isArray(value) ? `[${value.map(canonical).join(",")}]`
    : value && typeof value === "object" ? `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`
    : JSON.stringify(value);
  const info = (ballot, layer) => ascii(`zhibu-ballot/1/${ballot}/${layer}`);
  const mark = (hash) => hash.slice(0, 20).toUpperCase().match(/.{5}/g).join(" ");
  return { seal, schedule, agree, join, signed, canonical, info, mark, text, bytes, ascii, hex, SIGN, ECDH };
})();
