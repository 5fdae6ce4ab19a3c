/*
 * A stand-in of test/openhands/ as a program, for a host of its own: `036`, `1` or `canvas FOLDER`. Prints its port when
 * it listens; at SIGTERM everything it did not expect, as JSON.
 */
import { startCanvas } from "../../openhands/canvas/openhands-canvas.ts";
import { startOpenHands036 } from "../../openhands/v036/openhands-036.ts";
import { startOpenHands1 } from "../../openhands/v1/openhands-1.ts";

const [, , generation, ui] = process.argv;
const start = {
  "036": () => startOpenHands036(),
  "1": () => startOpenHands1(),
  canvas: () => startCanvas(ui === undefined ? {} : { ui }),
}[generation ?? ""];
if (!start) throw new Error(`no generation ${generation}`);
const standIn = await start();
console.log(standIn.port);
process.once("SIGTERM", () => {
  console.log(JSON.stringify(standIn.unexpected));
  void standIn.stop();
});
