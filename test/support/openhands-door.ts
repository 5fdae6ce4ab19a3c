import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { PresetName } from "../../src/model/preset.ts";
import type { ReportJson } from "../../src/doctor/report-json.ts";
import { type OpenDoor, openDoor } from "./genkan.ts";
import { tempFolder } from "./temp.ts";

export interface OpenHandsDoor extends OpenDoor {
  /** `genkan doctor openhands …`: the report, and what it said beside it. */
  doctor(...args: string[]): Promise<Diagnosis>;
  /** What it found of `app.openhands.ready.`: what it noted, `well` without a note, or else the state. */
  readiness(): Promise<Readonly<Record<string, string>>>;
}

export interface Diagnosis {
  /** The report's first line, which names the cause, without how many there are. */
  readonly cause: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

export interface OpenHandsDoorSpec {
  readonly port: number;
  readonly engine: "node" | "nginx";
  readonly preset?: PresetName;
}

/** A door with OpenHands behind it, for the household alone, as it is unless told. */
export async function openHandsDoor(spec: OpenHandsDoorSpec): Promise<OpenHandsDoor> {
  const { port, engine, preset = "openhands" } = spec;
  const home = tempFolder();
  mkdirSync(home, { recursive: true });
  const app = { target: port, preset };
  writeFileSync(join(home, "genkan.yaml"), JSON.stringify({ apps: { openhands: app } }));
  const door = await openDoor(home, ["--engine", engine, "--access", "household"]);
  onTestFinished(async () => {
    // Whatever doctor found, nothing of its visit is left.
    const { stdout } = await door.genkan("token", "--json");
    if (stdout !== "") expect(JSON.parse(stdout)).toMatchObject({ tokens: [] });
  });
  return {
    ...door,
    doctor: async (...args) => {
      const { stdout, stderr, code } = await door.genkan("doctor", "openhands", ...args);
      const [first = ""] = stdout.split("\n");
      return { cause: first.slice(first.indexOf(": ") + 2), stdout, stderr, code };
    },
    readiness: async () => {
      const { stdout } = await door.genkan("doctor", "openhands", "--json");
      const { checks } = JSON.parse(stdout) as ReportJson;
      const ready = checks.filter(({ id }) => id.startsWith(READY));
      return Object.fromEntries(
        ready.map(({ id, state, note, says, why }) => [
          id.slice(READY.length),
          note ?? says ?? why ?? state,
        ]),
      );
    },
  };
}

const READY = "app.openhands.ready.";
