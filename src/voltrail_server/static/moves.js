// Move by scan: the camera's frames go to our own server a few times a second, and what it reads is added. The page works without this file.
"use strict";
const field = document.getElementById("scan-text");
const add = document.getElementById("scan-add");
const camera = document.getElementById("camera");
const EVERY = 350;  // [ms] between frames
const WIDE = 1280;  // [pixels] of a frame that is sent
const AGAIN = 2500;  // [ms] a code that stays before the camera is taken once; out of sight so long, again
let stream = null;
let busy = false;
let last = { code: "", at: 0 };

// After each scan the field is empty and waits for the next one.
document.body.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt !== add) return;
  field.value = "";
  field.focus();
  const said = document.getElementById("said");
  if (said.textContent.trim()) said.scrollIntoView({ block: "nearest" });
});
// A hand scanner that types while nothing has the focus means this field.
document.addEventListener("keydown", (event) => {
  const free = event.target === document.body || event.target.id === "main";
  if (free && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
}, true);

const says = (name, more = "") => {
  camera.querySelector("[data-says]").textContent = `${camera.querySelector(`[data-word="${name}"]`).textContent} ${more}`.trim();
};
const video = camera.querySelector("video");

function off() {
  for (const track of stream ? stream.getTracks() : []) track.stop();
  stream = null;
  show(false);
  says("off");
}

function show(on) {
  video.hidden = !on;
  camera.querySelector("[data-on]").hidden = on;
  camera.querySelector("[data-off]").hidden = !on;
}

async function frame() {
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, WIDE / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

async function look() {
  if (!stream || busy || document.hidden || !video.videoWidth) return;
  busy = true;
  try {
    const body = new FormData();
    body.append("photo", await frame(), "frame.jpg");
    body.append("csrfmiddlewaretoken", document.querySelector("#move [name=csrfmiddlewaretoken]").value);
    const answer = await fetch(camera.dataset.address, { method: "POST", body, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    for (const code of (await answer.json()).codes) take(code);
  } catch {
    says("lost");
  } finally {
    busy = false;
  }
}

function take(code) {
  const now = Date.now();
  const stays = code === last.code && now - last.at < AGAIN;
  last = { code, at: now };
  if (!stream || stays) return;
  says("seen", code);
  field.value = code;
  add.click();
}

if (window.isSecureContext && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
  camera.hidden = false;
  document.getElementById("no-camera").hidden = true;
  camera.querySelector("[data-on]").addEventListener("click", async () => {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      says("refused");
      return;
    }
    video.srcObject = stream;
    await video.play();
    show(true);
    says("live");
  });
  camera.querySelector("[data-off]").addEventListener("click", off);
  window.addEventListener("pagehide", off);
  setInterval(look, EVERY);
}
