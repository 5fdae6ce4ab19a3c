/*
 * The three generations of OpenHands as far as starting one goes: which image, which port, which folder keeps
 * its state. run-spec.ts builds on it, recognise.ts reads images by it. Pure; a version changes here only.
 */
import type { PresetName } from "../../model/preset.ts";

export const GENERATIONS = ["canvas", "1", "0.36"] as const;
export type Generation = (typeof GENERATIONS)[number];

/** What a person gets who names none: the one its makers work on. */
export const USUAL_GENERATION: Generation = "canvas";

export interface GenerationFacts {
  /** For people: "Agent Canvas 1.20.0". */
  readonly title: string;
  readonly preset: PresetName;
  /** Pinned: what was tried once is what runs. */
  readonly image: string;
  /** The port its server listens on inside the container, and the one it is published on unless told. */
  readonly port: number;
  /** The folder in the person's home that its own documentation keeps state in. */
  readonly stateFolder: string;
  /** Where the container looks for it. */
  readonly stateInside: string;
  /** Where its page is, below its origin. */
  readonly landing: string;
  /** Whether it starts a container of its own for each conversation, with this machine's Docker. */
  readonly startsSandboxes: boolean;
}

/** OpenHands 0.36 README.md; run-openhands/local-setup.mdx (1.x); agent-canvas docker.mdx. */
const FACTS: Readonly<Record<Generation, GenerationFacts>> = {
  "0.36": {
    title: "OpenHands 0.36",
    preset: "openhands@0.36",
    image: "docker.all-hands.dev/all-hands-ai/openhands:0.36",
    port: 3000,
    stateFolder: ".openhands-state",
    stateInside: "/.openhands-state",
    landing: "/",
    startsSandboxes: true,
  },
  "1": {
    title: "OpenHands 1.8",
    preset: "openhands@1",
    image: "docker.openhands.dev/openhands/openhands:1.8",
    port: 3000,
    stateFolder: ".openhands",
    stateInside: "/.openhands",
    landing: "/",
    startsSandboxes: true,
  },
  canvas: {
    title: "Agent Canvas 1.20.0",
    preset: "openhands@canvas",
    image: "ghcr.io/openhands/agent-canvas:1.20.0",
    port: 8000,
    stateFolder: ".openhands",
    stateInside: "/home/openhands/.openhands",
    landing: "/canvas",
    startsSandboxes: false,
  },
};

export function factsOf(generation: Generation): GenerationFacts {
  return FACTS[generation];
}

export function isGeneration(text: string | undefined): text is Generation {
  return text !== undefined && (GENERATIONS as readonly string[]).includes(text);
}
