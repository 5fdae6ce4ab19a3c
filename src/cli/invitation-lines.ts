/*
 * How a device comes in, for the one who stands at the terminal: where to point its camera, and which digits
 * to type there. Pure text. `genkan up` says it for the first device, `genkan pair` for every other.
 */
import type { PairReport } from "../daemon/control/access-protocol.ts";

export interface InvitationPlace {
  /** `http://192.168.1.20`, the door's first page; undefined where no other device reaches it. */
  readonly origin: string | undefined;
  /** A QR code of that page and the root's fingerprint; undefined where it cannot be shown. */
  readonly code: string | undefined;
  /** `https://genkan.local`, or on a door of one machine `https://genkan.localhost`: where digits are typed. */
  readonly portal: string;
}

/** Where to go. The code holds no digits: they are for the page over https alone. */
export function placeLines({ origin, code, portal }: InvitationPlace): string[] {
  if (origin === undefined) return [`To let this machine's browser in, open ${portal}/pair`];
  if (code === undefined) return [`To let a device in, open ${origin} there`];
  const first = "To let a device in, point its camera here, or type the address:";
  return [first, "", code, "", `  ${origin}`];
}

/** What to type, and where: a page that came without trust could pass digits on to somebody else. */
export function digitLines(
  { digits, role, guestUntil }: PairReport,
  { portal }: InvitationPlace,
): string[] {
  return [
    `Then type these six digits at ${portal}/pair, and nowhere else:  ${spaced(digits)}`,
    `They are good for ten minutes and for one device, which becomes ${becomes(role, guestUntil)}.`,
  ];
}

function becomes(role: PairReport["role"], until: string | null): string {
  if (role === "owner") return "an owner and may let others in";
  if (role === "member" || until === null) return "one of the household";
  return `a guest until ${until.slice(0, 16).replace("T", " ")} UTC`;
}

/** As it is easier to read out: `123 456`. The page takes it either way. */
function spaced(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}
