// A readout as slides, one part a screen. Without this file it is one page with anchors.
const find = one => document.querySelector(one), root = document.documentElement;
const bar = find(".slides"), start = find("[data-present]"), keys = find("dialog");
const parts = [...document.querySelectorAll("[data-minutes]")];
const left = parts.map(part => part.dataset.minutes * 60);
let at = 0;

function tick(seconds) {
  left[at] -= seconds;
  find("[role=timer]").textContent = bar.dataset.left.replace("{}", Math.max(0, Math.ceil(left[at] / 60)));
}

function show(to) {
  at = Math.min(Math.max(to, 0), parts.length - 1);
  parts.forEach((part, place) => part.classList.toggle("now", place === at));
  const [told, head] = parts[at].children;
  find(".slides [role=status]").textContent = told.textContent;
  tick(0);
  scrollTo(0, 0);
  head.focus();
}

function present(on) {
  root.classList.toggle("presenting", on);
  bar.hidden = !on;
  if (!on && document.fullscreenElement) document.exitFullscreen();
  show(at);
}

const back = () => show(at - 1), next = () => show(at + 1);
const acts = {
  ArrowLeft: back, PageUp: back, ArrowRight: next, PageDown: next, Home: () => show(0), End: () => show(parts.length),
  f: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  "?": () => keys.showModal(), Escape: () => present(false),
};
document.onkeydown = event => {
  const act = acts[event.key];
  if (!act || bar.hidden || keys.open || event.ctrlKey || event.altKey || event.metaKey) return;
  if (act !== acts.Escape && event.target.matches("input, select, textarea")) return;
  event.preventDefault();
  act();
};
bar.onclick = event => acts[event.target.dataset.key]?.();
start.onclick = () => present(true);
start.hidden = false;
setInterval(() => bar.hidden || tick(1), 1000);
