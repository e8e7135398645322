// Every page: the focus goes to what is wrong; buttons that need scripts appear and work.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

if (navigator.clipboard) for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  const words = button.textContent;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 3000);
  });
}

// A receipt page names the draft that has been sent, so that nobody finds it on this device.
const sent = document.querySelector("[data-forget-draft]");
if (sent) try { localStorage.removeItem(`draft:${sent.dataset.forgetDraft}`); } catch { /* no storage, no draft */ }

for (const button of document.querySelectorAll("[data-forget]")) {
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", () => {
    try {
      Object.keys(localStorage).filter(key => key.startsWith("draft:")).forEach(key => localStorage.removeItem(key));
    } catch { /* no storage, no draft */ }
    document.dispatchEvent(new Event("forgotten"));
    button.textContent = button.dataset.done;
  });
}

// A part that changes by itself is fetched anew every few seconds, until it no longer asks for it.
async function lookAgain() {
  const part = document.querySelector("[data-again]");
  if (!part) return;
  await new Promise(done => setTimeout(done, part.dataset.again * 1000));
  try {
    const reply = await fetch(location.href);
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.getElementById(part.id);
    if (!fresh) return;
    part.replaceChildren(...fresh.childNodes);
    if (!fresh.dataset.again) delete part.dataset.again;
  } catch { /* away for a moment */ }
  lookAgain();
}
lookAgain();
