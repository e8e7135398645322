// Answering: one practice at a time, keys, and a draft on this device. Without this script the page is one long form.
const form = document.querySelector("form[data-answers]");
const steps = [...form.querySelectorAll("[data-step]")];
const one = name => document.querySelector(`[data-${name}]`);
const [next, back, send, progress] = [one("next"), one("back"), one("send"), one("progress")];
const draft = form.dataset.draft ? `draft:${form.dataset.draft}` : "";  // an open link has none: shared devices
let at = 0;

function show(step, move = true) {
  at = Math.max(0, Math.min(step, steps.length - 1));
  steps.forEach((part, index) => { part.hidden = index !== at; });
  progress.querySelectorAll(".stones li").forEach((stone, index) => stone.classList.toggle("on", index <= at));
  one("at").textContent = at + 1;
  back.hidden = at === 0;
  next.hidden = at === steps.length - 1;
  send.hidden = !next.hidden;
  if (!move) return;
  scrollTo(0, 0);
  steps[at].querySelector("h2").focus({ preventScroll: true });
}

// The browser's own Back goes one practice back too, instead of leaving the page with its answers.
function go(step) {
  show(step);
  history.pushState(at, "");
  save();
}

function save() {
  if (!draft) return;
  const answers = {};
  for (const input of form.querySelectorAll("input[type=radio]:checked")) answers[input.name] = input.value;
  try {
    localStorage.setItem(draft, JSON.stringify({ answers, at }));
    one("saved").hidden = false;
  } catch { /* storage is off or full: the form itself still holds the answers */ }
}

function restore() {
  try {
    const kept = JSON.parse(localStorage.getItem(draft)) || {};
    for (const [name, value] of Object.entries(kept.answers || {})) {
      const group = form.elements[name];
      const input = group && [...group].find(option => option.value === value);
      if (input && ![...group].some(option => option.checked)) input.checked = true;
    }
    return kept.at || 0;
  } catch { return 0; }
}

// Digits act only while the focus is in that very question.
form.addEventListener("keydown", event => {
  const question = event.target.closest("fieldset.options");
  if (!question || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    if (next.hidden) send.focus(); else go(at + 1);
  }
  const option = /^[0-5]$/.test(event.key) && question.querySelector(`input[value="${event.key}"]`);
  if (!option) return;
  option.checked = true;
  option.focus();
  save();
});

// A double click would be stored once too, but its second reply no longer shows the receipt.
let lastSent = -Infinity;
form.addEventListener("submit", event => {
  if (event.timeStamp - lastSent < 3000) event.preventDefault();
  else lastSent = event.timeStamp;
});

form.addEventListener("change", save);
next.addEventListener("click", () => go(at + 1));
back.addEventListener("click", () => go(at - 1));
addEventListener("popstate", event => { if (event.state !== null) show(event.state); });
document.addEventListener("forgotten", () => { form.reset(); show(0, false); one("saved").hidden = true; });

// A link to a question opens its practice; the browser alone would move the focus away again.
document.addEventListener("click", event => {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(link.hash.slice(1));
  const step = target ? steps.findIndex(part => part.contains(target)) : -1;
  if (step < 0) return;
  event.preventDefault();
  show(step, false);
  history.replaceState(at, "");
  target.querySelector("input").focus();
});

progress.hidden = false;
form.classList.add("stepwise");
const reached = draft ? restore() : 0;
show(history.state === null ? reached : history.state, false);
history.replaceState(at, "");
