import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempFolder } from "./temp.ts";
import { toolPath } from "./tools.ts";

/** What a camera reads in a picture file. @throws when there is no code in it */
export function readQr(picture: string): string {
  const program = toolPath("zbarimg");
  if (program === undefined) throw new Error("zbarimg is missing: scripts/install-test-tools");
  const args = ["--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable", picture];
  return execFileSync(program, args, { encoding: "utf8" }).trimEnd();
}

/** The colours of a terminal, as grey values from 0 (black) to 255. */
export interface Theme {
  readonly text: number;
  readonly paper: number;
}

/** Pixels of half a character cell. */
const SCALE = 5;
// oxlint-disable-next-line no-control-regex -- this is the character sequences begin with
const SEQUENCE = /\u001b\[([\d;]*)m/y;

/** A photograph of a terminal that shows this text: half blocks, black and white by number. Gives a PGM file. */
export function photographOf(text: string, theme: Theme): string {
  const rows = text.split("\n").flatMap((line) => halves(line, theme));
  const width = Math.max(...rows.map((row) => row.length)) + 8;
  const empty: number[][] = Array.from({ length: 4 }, () => []);
  const pixels = [...empty, ...rows, ...empty].flatMap((row) => {
    const cells = Array.from({ length: width }, (_, x) => row[x - 4] ?? theme.paper);
    const wide = cells.flatMap((grey) => Array.from({ length: SCALE }, () => grey));
    return Array.from({ length: SCALE }, () => wide);
  });
  const path = join(tempFolder(), "terminal.pgm");
  const head = `P5\n${width * SCALE} ${pixels.length}\n255\n`;
  writeFileSync(path, Buffer.concat([Buffer.from(head), Buffer.from(pixels.flat())]));
  return path;
}

const UPPER = "▀█";
const LOWER = "▄█";

/** The upper and the lower half of a line, one grey value a character. */
function halves(line: string, theme: Theme): [number[], number[]] {
  const upper: number[] = [];
  const lower: number[] = [];
  let { text, paper } = theme;
  for (let at = 0; at < line.length;) {
    SEQUENCE.lastIndex = at;
    const sequence = SEQUENCE.exec(line);
    if (sequence) {
      const isBlackOnWhite = sequence[1] === "38;5;16;48;5;231";
      [text, paper] = isBlackOnWhite ? [0, 255] : [theme.text, theme.paper];
      at = SEQUENCE.lastIndex;
      continue;
    }
    const character = line[at] ?? " ";
    upper.push(UPPER.includes(character) ? text : paper);
    lower.push(LOWER.includes(character) ? text : paper);
    at += 1;
  }
  return [upper, lower];
}
