/*
 * Bars as an SVG picture. Pure; readable in light and dark, and by those who hear it.
 */
export interface Bar {
  readonly name: string;
  readonly value: number;
  /** Ours are drawn in another colour. */
  readonly isOurs: boolean;
}

const WIDTH = 720;
const ROW = 30;
const NAMES = 220;
const VALUES = 70;
const TOP = 44;

/** @param title also tells what is better, and the unit. */
export function barChart(title: string, bars: readonly Bar[]): string {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  const height = TOP + bars.length * ROW + 10;
  const rows = bars.map(({ name, value, isOurs }, i) => {
    const y = TOP + i * ROW;
    const width = ((WIDTH - NAMES - VALUES) * value) / most;
    return `  <text x="${NAMES - 10}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>
  <rect x="${NAMES}" y="${y}" width="${width.toFixed(1)}" height="${ROW - 9}" rx="3" class="${isOurs ? "ours" : "other"}"/>
  <text x="${(NAMES + width + 8).toFixed(1)}" y="${y + 15}">${value.toFixed(0)}</text>
`;
  });
  const said = `${title}: ${bars.map(({ name, value }) => `${name} ${value.toFixed(0)}`).join(", ")}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(said)}">
  <style>
    text { font: 14px system-ui, sans-serif; fill: #222 }
    .title { font-weight: 600 }
    .ours { fill: #b3402a }
    .other { fill: #8a939c }
    @media (prefers-color-scheme: dark) { text { fill: #ddd } .ours { fill: #e06a50 } }
  </style>
  <text class="title" x="10" y="24">${escaped(title)}</text>
${rows.join("")}</svg>
`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
