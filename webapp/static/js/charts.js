// Draws every .chart from the JSON named in data-figure, in the colours of the theme in force, once it comes near.
const LIGHT = {
  "#12212b": "--ink", "#4d5d67": "--soft", "#d4dcda": "--rule", "#b01278": "--mark", "#74838b": "--edge", "#ffffff": "--sheet",
  "#fbfcfa": "--paper", "#0a5a8c": "--link", "#c4cfce": "--stone",
  "#ecd293": "--b1", "#a7bd70": "--b2", "#37a185": "--b3", "#006c94": "--b4", "#213476": "--b5",
};
const source = document.currentScript.dataset.plotly;
const drawn = new Map();
let plotly;

const load = () => plotly ||= new Promise((done, failed) => {
  document.head.append(Object.assign(document.createElement("script"), { src: source, onload: done, onerror: failed }));
});

async function draw(box) {
  if (!drawn.has(box)) drawn.set(box, fetch(box.dataset.figure).then(reply => reply.ok ? reply.text() : Promise.reject(reply.status)));
  const [text] = await Promise.all([drawn.get(box), load()]);
  const css = getComputedStyle(document.documentElement);
  const figure = JSON.parse(text.replace(/#[0-9a-f]{6}/gi, hex => css.getPropertyValue(LIGHT[hex.toLowerCase()] || "--none").trim() || hex));
  const layout = figure.layout;
  if (box.clientWidth < 560) layout.annotations = (layout.annotations || []).filter(note => note.name !== "minor");
  layout.font = { ...layout.font, family: getComputedStyle(document.body).fontFamily };
  await Plotly.react(box, figure.data, layout, { displayModeBar: false, responsive: true, showSendToCloud: false, scrollZoom: false });
  box.querySelectorAll("svg").forEach(picture => picture.setAttribute("aria-hidden", "true"));
}

// A chart that cannot be drawn leaves no hole: its numbers stand in the table below it.
const attempt = box => draw(box).catch(() => { box.hidden = true; });
const near = new IntersectionObserver(seen => {
  for (const entry of seen) if (entry.isIntersecting) { near.unobserve(entry.target); attempt(entry.target); }
}, { rootMargin: "600px" });
document.querySelectorAll(".chart").forEach(box => near.observe(box));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...drawn.keys()].forEach(attempt));
