/*
 * The door itself: posts, lintel, lattice panels. It stands half open with light behind it, or,
 * when something is wrong, is closed.
 */
const FRAME = "M4 9h40M9 9v31M39 9v31M4 40h40M24 10v29";
const LEFT_LATTICE = "M14 10v21M19 10v21M9 31h15";
const RIGHT_LATTICE = "M29 10v21M34 10v21M24 31h15";

export function Mark({ open }: { readonly open: boolean }) {
  return (
    <svg class="mark" viewBox="0 0 48 48" fill="none" aria-hidden="true">
      {open ? <path class="lamp" d="M24 9h15v31H24z" /> : null}
      <path
        class="lattice"
        d={open ? LEFT_LATTICE : LEFT_LATTICE + RIGHT_LATTICE}
        stroke-width="1.2"
      />
      <path class="wood" d={FRAME} stroke-width="2.4" stroke-linecap="round" />
    </svg>
  );
}

/** The same for the tab, as a data URL: no request is made for it, on no app's name. */
export const ICON = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48" fill="none"><rect width="48" height="48" rx="10" fill="#f7f4ed"/><path fill="#d98b3a" d="M24 9h15v31H24z"/><path d="${FRAME}" stroke="#24211c" stroke-width="3.5" stroke-linecap="round"/></svg>`,
)}`;
