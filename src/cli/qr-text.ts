/*
 * A QR code in the terminal, two rows of modules to a line, for the camera of a phone. Pure text.
 */
import { encode } from "uqr";
import type { Terminal } from "./terminal.ts";

/** Light modules around the code (ISO/IEC 18004 section 6.3.8). */
const MARGIN = 4;

/**
 * With colours it is black on white by number, whatever the theme makes of its own names for them.
 * Without, light modules are the ones drawn: right in a dark terminal, and in a light one the negative,
 * which most phones read as well.
 * @returns undefined where the terminal is too narrow.
 */
export function qrText(text: string, { columns, hasColours }: Terminal): string | undefined {
  const { data, size } = encode(text, { ecc: "L", border: MARGIN });
  if (size > columns) return undefined;
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    const upper = data[y] ?? [];
    const lower = data[y + 1]; // an odd number of rows ends in half a line of margin
    const blocks = upper.map((isDark, x) => {
      const isLowerDark = lower?.[x] ?? false;
      return hasColours ? block(isDark, isLowerDark) : block(!isDark, !isLowerDark);
    });
    lines.push(hasColours ? `${BLACK_ON_WHITE}${blocks.join("")}${PLAIN}` : blocks.join(""));
  }
  return lines.join("\n");
}

/** ECMA-48 section 8.3.117; 16 and 231 are pure black and white of the fixed part of 256 colours. */
const BLACK_ON_WHITE = "\u001b[38;5;16;48;5;231m";
const PLAIN = "\u001b[0m";

function block(upper: boolean, lower: boolean): string {
  if (upper) return lower ? "█" : "▀";
  return lower ? "▄" : " ";
}
