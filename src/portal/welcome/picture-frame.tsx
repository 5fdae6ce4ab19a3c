/*
 * The outline of a phone, a tablet or a window; a screen goes on below what is drawn of it.
 */
import type { Child } from "hono/jsx";

export type FrameKind = "phone" | "tablet" | "window";

/** Units of the drawing; at full width one is a CSS pixel. */
export const FRAME_WIDTH = 300;

interface FrameProps {
  readonly kind: FrameKind;
  readonly height: number;
  readonly children: Child;
}

export function Frame({ kind, height, children }: FrameProps) {
  const radius = kind === "phone" ? 30 : kind === "tablet" ? 20 : 10;
  const right = FRAME_WIDTH - 1;
  const outline = `M1 ${height}V${radius}Q1 1 ${radius} 1H${right - radius + 1}Q${right} 1 ${right} ${radius}V${height}`;
  return (
    <svg
      class="picture"
      viewBox={`0 0 ${FRAME_WIDTH} ${height}`}
      aria-hidden="true"
      focusable="false"
    >
      <path class="p-screen" d={`${outline}z`} />
      <path class="p-frame" d={outline} />
      {kind === "window" ? (
        <path class="p-dots" d="M16 17h0M30 17h0M44 17h0" />
      ) : (
        <path class="p-dots" d={`M${FRAME_WIDTH / 2 - 22} 15h44`} />
      )}
      {children}
    </svg>
  );
}
