/*
 * Small drawings of what a device shows: a page of its settings with the row to touch, or a question
 * with the button to choose. The step beside a picture says the same in words, so none is read aloud.
 */
import { Frame, FRAME_WIDTH, type FrameKind } from "./picture-frame.tsx";

export type PictureWords =
  | {
      readonly shows: "rows";
      readonly title: string;
      readonly rows: readonly string[];
      /** Which row is to be touched, from 0. */
      readonly marked: number;
      readonly isSwitch?: boolean;
    }
  | {
      readonly shows: "question";
      /** One text a line: drawings do not wrap. */
      readonly lines: readonly string[];
      readonly buttons: readonly [refuse: string, accept: string];
    };

interface PictureProps {
  readonly words: PictureWords;
  readonly frame: FrameKind;
}

export function Picture({ words, frame }: PictureProps) {
  return words.shows === "rows" ? (
    <Rows words={words} frame={frame} />
  ) : (
    <Question words={words} frame={frame} />
  );
}

const ROW = 38;
const TOP = 62;
const EDGE = 16;

function Rows({ words, frame }: PictureProps & { words: { shows: "rows" } & PictureWords }) {
  const { title, rows, marked, isSwitch = false } = words;
  return (
    <Frame kind={frame} height={TOP + rows.length * ROW + 22}>
      <text class="p-title" x={FRAME_WIDTH / 2} y="46" text-anchor="middle">
        {title}
      </text>
      {rows.map((row, i) => (
        <g transform={`translate(${EDGE} ${TOP + i * ROW})`}>
          <rect
            class={i === marked ? "p-marked" : "p-row"}
            width={FRAME_WIDTH - 2 * EDGE}
            height={ROW - 6}
            rx="8"
          />
          <text class={i === marked ? "p-strong" : "p-text"} x="12" y="21">
            {row}
          </text>
          {i === marked && isSwitch ? <Switch /> : <Chevron />}
        </g>
      ))}
    </Frame>
  );
}

function Chevron() {
  return <path class="p-line" d={`M${FRAME_WIDTH - 2 * EDGE - 17} 11l5 5-5 5`} />;
}

function Switch() {
  return (
    <g transform={`translate(${FRAME_WIDTH - 2 * EDGE - 48} 5)`}>
      <rect class="p-on" width="38" height="22" rx="11" />
      <circle class="p-knob" cx="27" cy="11" r="8.5" />
    </g>
  );
}

function Question({
  words,
  frame,
}: PictureProps & { words: { shows: "question" } & PictureWords }) {
  const { lines, buttons } = words;
  const width = FRAME_WIDTH - 2 * EDGE;
  const height = 30 + lines.length * 18 + 46;
  return (
    <Frame kind={frame} height={height + 62}>
      <g transform={`translate(${EDGE} 38)`}>
        <rect class="p-row" width={width} height={height} rx="14" />
        {lines.map((line, i) => (
          <text class="p-text" x={width / 2} y={30 + i * 18} text-anchor="middle">
            {line}
          </text>
        ))}
        {buttons.map((button, i) => (
          <g transform={`translate(${12 + (i * (width - 16)) / 2} ${height - 46})`}>
            <rect
              class={i === 1 ? "p-marked" : "p-quiet"}
              width={width / 2 - 16}
              height="34"
              rx="10"
            />
            <text
              class={i === 1 ? "p-strong" : "p-text"}
              x={width / 4 - 8}
              y="22"
              text-anchor="middle"
            >
              {button}
            </text>
          </g>
        ))}
      </g>
    </Frame>
  );
}
