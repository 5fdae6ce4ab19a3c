/*
 * The scene of the attacks: one real door in front of one app made of bytes, open for a whole test
 * file. A story is written once and told to every engine; it ends by asking whether the door still
 * serves and what the app has seen.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe } from "vitest";
import { freePort, launchDoor, type OpenDoor } from "../support/genkan.ts";
import { describeWithTools } from "../support/tools.ts";
import { heardOut, talkPlainly, talkSecurely } from "./talk.ts";

export type EngineName = "node" | "nginx";

/** Tells the stories once to each engine. */
export function onEveryEngine(stories: (engine: EngineName) => void): void {
  describe("node", () => {
    stories("node");
  });
  describeWithTools("nginx", ["nginx"], () => stories("nginx"));
}

export interface Stage {
  readonly door: OpenDoor;
  /** Everything the app was sent since the last `quiet()`, over all connections, latin1. */
  seen(): string;
  /** Connections of the app that are open. */
  connections(): readonly Socket[];
  /**
   * Has an ordinary visitor come on a new connection, and gives what the app was sent beside that visitor's
   * request since the last time. Throws where the visitor was not served.
   */
  quiet(): Promise<string>;
}

/** What the app does with a connection. */
export type Plays = (socket: Socket) => void;

/** Opens the door `wiki.local` in front of an app, before the tests of this suite, and closes both after them. */
export function setStage(
  engine: EngineName,
  plays: Plays,
  args: (appPort: number) => string[] = onlyWiki,
): Stage {
  const app = createApp(plays);
  const home = mkdtempSync(join(tmpdir(), "genkan-test-"));
  let door: OpenDoor | undefined;
  let end: OpenDoor["end"] | undefined;
  let visits = 0;

  beforeAll(async () => {
    const place = { home, httpsPort: await freePort(), httpPort: await freePort() };
    const launched = launchDoor(place, ["--engine", engine, ...args(await app.listen())]);
    end = launched.end;
    door = await launched.opened;
    app.forget(); // what `genkan up` asked it to recognise it
  });
  afterAll(async () => {
    await end?.(engine === "node" ? "SIGKILL" : "SIGTERM"); // nginx outlives a door that is killed
    await app.stop();
    rmSync(home, { recursive: true, force: true });
  });
  const openDoor = (): OpenDoor => {
    if (!door) throw new Error("the door is open only while the tests run");
    return door;
  };
  return {
    get door() {
      return openDoor();
    },
    seen: app.seen,
    connections: app.connections,
    async quiet() {
      visits += 1;
      const path = `/visitor-${visits}`;
      const talk = await talkSecurely(openDoor(), "wiki.local");
      talk.say(`GET ${path} HTTP/1.1\r\nHost: wiki.local\r\nConnection: close\r\n\r\n`);
      const heard = await talk.end();
      if (!heard.startsWith("HTTP/1.1 200 ")) throw new Error(`the next visitor heard: ${heard}`);
      return app.without(path);
    },
  };
}

const onlyWiki = (port: number): string[] => [`wiki=${port}`];

/** Status of the answer over the plain port, not of one in between; undefined where there was none. */
export async function plainAnswer(door: OpenDoor, bytes: string): Promise<number | undefined> {
  const talk = await talkPlainly(door);
  talk.say(bytes);
  const heard = await heardOut(talk);
  const status = /^HTTP\/1\.1 ([2-9]\d{2}) /m.exec(heard)?.[1];
  return status === undefined ? undefined : Number(status);
}

/** Characters of what it was sent that the app remembers: the latest. */
const MOST_KEPT = 256 * 1024;

function createApp(plays: Plays) {
  const sockets = new Set<Socket>();
  let record = "";
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined); // the door breaking off is what many stories end with
    plays(socket); // first: Node's HTTP server, where an app is one, must not overlook our listener
    socket.on("data", (chunk) => {
      record = (record + chunk.toString("latin1")).slice(-MOST_KEPT);
    });
  });
  return {
    seen: () => record,
    connections: () => [...sockets],
    forget: (): void => {
      record = "";
    },
    /** Takes out the request for `path`, gives the rest and forgets it. */
    without(path: string): string {
      const request = new RegExp(`GET ${path} HTTP/1\\.1\r\n(?:[^\r\n]+\r\n)*\r\n`);
      if (!request.test(record)) throw new Error(`the app never saw ${path}: ${record}`);
      const rest = record.replace(request, "");
      record = "";
      return rest;
    },
    listen: () =>
      new Promise<number>((resolve) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address();
          resolve(typeof address === "object" && address !== null ? address.port : 0);
        });
      }),
    stop: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
