/*
 * An app whose answer is larger than anything the door holds, made as fast as it is taken.
 */
import { setTimeout as wait } from "node:timers/promises";
import { nodeApp } from "./ask.ts";

export const MIB = 1024 * 1024;
export const BLOCK = Buffer.alloc(MIB, "a");
/** What kernels and the engine's buffers may hold of one answer, whatever its size. */
export const MOST_IN_BETWEEN = 64 * MIB;

export interface LargeApp {
  readonly port: number;
  /** Bytes made so far, of all its answers. */
  readonly made: () => number;
}

/** Answers with as many bytes as `size`, but at `/small`. */
export async function largeApp(
  size: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<LargeApp> {
  let made = 0;
  const port = await nodeApp((request, response) => {
    if (request.url === "/small") return void response.end("ok");
    response.writeHead(200, headers);
    const more = (): void => {
      while (made < size) {
        made += MIB;
        if (!response.write(BLOCK)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  return { port, made: () => made };
}

/** Waits until a number has stopped growing, and gives it. */
export async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count();) {
    before = count();
    await wait(150);
  }
  return count();
}
