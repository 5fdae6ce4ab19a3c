/*
 * A QR code as a picture in the page, to be held before the camera of the next device. Dark on light
 * with a wide margin in every theme, as cameras expect it (ISO/IEC 18004 section 6.3.8: four modules).
 */
import { encode } from "uqr";

const MARGIN = 4;

export function QrPicture({ text, label }: { readonly text: string; readonly label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: MARGIN });
  const rows = data.map((row, y) =>
    runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`),
  );
  return (
    <svg
      class="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={rows.flat().join("")} fill="#000" />
    </svg>
  );
}

/** Where dark modules stand side by side: start and length. */
function runs(row: readonly boolean[]): [start: number, length: number][] {
  const found: [number, number][] = [];
  for (const [x, isDark] of row.entries()) {
    if (!isDark) continue;
    const last = found.at(-1);
    if (last && last[0] + last[1] === x) last[1] += 1;
    else found.push([x, 1]);
  }
  return found;
}
