// Passkeys: make one, sign with one, log in with one. The answer goes back as a plain form; nothing is kept here.
// The challenge of a signature is computed from the very bytes that the page offers to download.
"use strict";
const TYPE = "application/vnd.in-toto+json";
const encoded = (text) => new TextEncoder().encode(text);
const text64 = (buffer) =>
  btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const bytes64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const named = (text) => text.split(" ").filter(Boolean).map((id) => ({ type: "public-key", id: bytes64(id) }));

// The sentences stand in the page, in the reader's language: parts/passkey_words.html.
const word = (name) => document.querySelector(`#passkey-words [data-word="${name}"]`)?.textContent || "";

async function covered(address) {
  // The DSSE pre-authentication bytes of the draft, and their SHA-256.
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(word("unread"));
  const payload = new Uint8Array(await answer.arrayBuffer());
  const head = encoded(`DSSEv1 ${encoded(TYPE).length} ${TYPE} ${payload.length} `);
  const whole = new Uint8Array(head.length + payload.length);
  whole.set(head);
  whole.set(payload, head.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

async function asked(challenge, host, allowed) {
  const found = await navigator.credentials.get({
    publicKey: { challenge, rpId: host, allowCredentials: allowed, userVerification: "required" },
  });
  return {
    credential: text64(found.rawId),
    assertion: JSON.stringify({
      authenticatorData: text64(found.response.authenticatorData),
      clientDataJSON: text64(found.response.clientDataJSON),
      signature: text64(found.response.signature),
    }),
  };
}

async function made(form) {
  const { host, person, handle, challenge, known } = form.dataset;
  const found = await navigator.credentials.create({
    publicKey: {
      challenge: bytes64(challenge),
      rp: { id: host, name: "Voltrail" },
      user: { id: bytes64(handle), name: person, displayName: person },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -8 }],
      excludeCredentials: named(known),
      authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
      attestation: "none",
    },
  });
  const key = found.response.getPublicKey();
  if (!key) throw new Error(word("keyless"));
  const proof = await asked(bytes64(challenge), host, named(text64(found.rawId)));
  return { ...proof, spki: text64(key), algorithm: String(found.response.getPublicKeyAlgorithm()) };
}

async function signed(form) {
  const challenge = await covered(form.dataset.draft);
  const shown = Array.from(challenge, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (shown !== form.dataset.fingerprint) {
    throw new Error(word("differs"));
  }
  return asked(challenge, form.dataset.host, named(form.dataset.credentials));
}

async function known(form) {
  // No list of credentials: the browser offers those that it keeps for this site.
  return asked(bytes64(form.dataset.challenge), form.dataset.host, []);
}

const WAYS = { add: made, sign: signed, "log-in": known };

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const says = form.querySelector("[role=status]");
  if (!window.PublicKeyCredential || !window.isSecureContext) {
    says.textContent = word("none");
    continue;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    says.textContent = word("asking");
    try {
      const answer = await WAYS[form.dataset.passkey](form);
      for (const [name, value] of Object.entries(answer)) form.elements[name].value = value;
      says.textContent = word("sent");
      form.submit();
    } catch (error) {
      says.textContent = word(error.name) || `${word("failed")} ${error.message}`;
      button.disabled = false;
    }
  });
}
