// Copy buttons, filters that fold on a phone, the search shortcut and hand scanners. Every page works without this file.
"use strict";
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const said = button.textContent;
    button.textContent = button.dataset.copied || "Copied";
    setTimeout(() => { button.textContent = said; }, 1500);
  });
}
// On a phone the rows come first: a filter opens when it is wanted, or where it is in use.
for (const fold of document.querySelectorAll(".fold")) {
  const used = [...new URLSearchParams(location.search)].some(([name, text]) => text && fold.querySelector(`[name="${CSS.escape(name)}"]`));
  if (matchMedia("(max-width: 639px)").matches && !used) fold.open = false;
}
// A hand scanner types like a keyboard, only faster than any person, and ends with Enter. Where no
// field is being typed into, what it types goes to the box at the top.
const scan = { text: "", last: 0, fastest: 60, least: 4 };  // [ms] between keys, [characters]
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const box = document.getElementById("q");
  if (typing || !box || event.ctrlKey || event.altKey || event.metaKey) return;
  const pause = event.timeStamp - scan.last;
  if (pause > scan.fastest) scan.text = "";
  scan.last = event.timeStamp;
  if (event.key === "Enter" && scan.text.length >= scan.least) {
    event.preventDefault();
    box.value = scan.text;
    scan.text = "";
    box.form.requestSubmit();
  } else if (event.key === "/" && pause > scan.fastest) {
    event.preventDefault();
    box.focus();
  } else if (event.key.length === 1) {
    scan.text += event.key;
  } else if (event.key === "F8" || event.key === "GroupSeparator") {
    scan.text += "\u001d";
  }
});
