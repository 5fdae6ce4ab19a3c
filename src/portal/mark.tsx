/*
 * The door itself: posts, lintel, a lattice panel slid half aside. Behind it there is light, or,
 * when something is wrong, none.
 */
const FRAME = "M4 9h40M9 9v31M39 9v31M4 40h40M24 12v28";
const LATTICE = "M13 12v28M16.7 12v28M20.3 12v28M9 26h15";

export function Mark({ lit }: { readonly lit: boolean }) {
  return (
    <svg class="mark" viewBox="0 0 48 48" fill="none" aria-hidden="true">
      <path class={lit ? "lamp" : "dark"} d="M24 12h15v28H24z" />
      <path class="lattice" d={LATTICE} stroke-width="1.25" />
      <path class="wood" d={FRAME} stroke-width="2.5" stroke-linecap="round" />
    </svg>
  );
}

/** The same for the tab, as a data URL: no request is made for it, on no app's name. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none"><rect width="48" height="48" rx="10" fill="#f7f4ed"/><path fill="#d98b3a" d="M24 12h15v28H24z"/><path d="${FRAME}" stroke="#24211c" stroke-width="3.5" stroke-linecap="round"/></svg>`,
)}`;
