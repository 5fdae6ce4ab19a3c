/*
 * The scene of the attacks on the sign-in: a real door, opened by the program, in front of apps that ask nobody
 * who they are and note whatever reaches them; and the household's own browsers, let in the way people are. What
 * a story must never find in `reached` is what nobody let in has sent.
 */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { WebSocketServer } from "ws";
import { freePort, launchDoor, type OpenDoor } from "../support/genkan.ts";
import { tempFolder } from "../support/temp.ts";
import { type Browser, createBrowser } from "./browser.ts";
import type { EngineName } from "./stage.ts";

interface Reached {
  readonly app: string;
  /** `GET /path`, or `WebSocket /path`. */
  readonly what: string;
  /** As they came, name after name. */
  readonly fields: string;
}

type AppAnswers = (request: IncomingMessage, response: ServerResponse) => void;

export interface Household {
  readonly door: OpenDoor;
  /** What came to apps since the test began. */
  readonly reached: Reached[];
  /** `https://wiki.local:PORT`; the portal is `genkan`. */
  at(name: string, path?: string): string;
  /** A browser nobody let in. */
  stranger(): Browser;
  /** A browser of the household, let in at the portal with six digits. */
  paired(name: string, ...args: string[]): Promise<Browser>;
  /** Opens another invitation and gives its digits. */
  digits(...args: string[]): Promise<string>;
  /** What the hostile app answers until the test ends. */
  hostile(answers: AppAnswers): void;
  /** A command of the household's owner; gives what it says. Throws where it fails. */
  genkan(...args: string[]): Promise<string>;
  /** Ends the door, and opens it again at the same place. */
  reopen(meanwhile: (home: string) => void | Promise<void>): Promise<void>;
}

/**
 * `wiki` and `evil` are for the household, `ledger` is the owners' alone, `board` is open to everyone. In
 * the wiki everything below /hook/ is open.
 */
const APPS = [
  { name: "wiki", access: "household", open_paths: ["/hook/*"] },
  { name: "ledger", access: "owner" },
  { name: "evil", access: "household" },
  { name: "board", access: "open" },
] as const;

/** Opens it before the tests of this suite, and closes it after them. */
export function setHousehold(engine: EngineName): Household {
  const reached: Reached[] = [];
  const apps = APPS.map(({ name }) => noting(name, reached));
  const home = tempFolder(afterAll);
  let open: { door: OpenDoor; end: OpenDoor["end"] } | undefined;
  let place = { home, httpsPort: 0, httpPort: 0 };

  async function openDoor(): Promise<void> {
    const { opened, end } = launchDoor(place, ["--engine", engine]);
    open = { door: await opened, end };
  }
  beforeAll(async () => {
    const terms: Record<string, object> = {};
    for (const [i, { name, ...more }] of APPS.entries()) {
      terms[name] = { target: await apps[i]!.listen(), ...more };
    }
    writeFileSync(join(home, "genkan.yaml"), JSON.stringify({ apps: terms })); // JSON is YAML
    place = { home, httpsPort: await freePort(), httpPort: await freePort() };
    await openDoor();
  });
  beforeEach(() => {
    reached.length = 0;
    for (const app of apps) app.answers = obey;
  });
  afterAll(async () => {
    await open?.end("SIGTERM");
    for (const app of apps) app.stop();
  });
  const door = (): OpenDoor => {
    if (!open) throw new Error("the door is open only while the tests run");
    return open.door;
  };
  const at = (name: string, path = ""): string => `https://${name}.local:${place.httpsPort}${path}`;
  const digits = async (...args: string[]): Promise<string> => {
    const made = JSON.parse(await said(door().genkan("pair", ...args, "--json"))) as object;
    return "digits" in made ? String(made.digits) : "";
  };
  return {
    get door() {
      return door();
    },
    reached,
    at,
    digits,
    stranger: () => createBrowser(door()),
    async paired(name, ...args) {
      const browser = createBrowser(door());
      const fields = { digits: await digits(...args), name };
      const { status } = await browser.submit(at("genkan", "/pair"), fields);
      if (status !== 303 || browser.sessionAt("genkan.local") === "")
        throw new Error(`${name} was not let in: ${status}`);
      return browser;
    },
    hostile(answers) {
      apps.find(({ name }) => name === "evil")!.answers = answers;
    },
    genkan: (...args) => said(door().genkan(...args)),
    async reopen(meanwhile) {
      await open?.end("SIGTERM");
      await meanwhile(home);
      await openDoor();
    },
  };
}

const obey: AppAnswers = (_request, response) => response.end("at your orders");

/** An app without a sign-in that notes whatever reaches it, and says yes. */
function noting(name: string, reached: Reached[]) {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  const note = (kind: string, { url = "", rawHeaders }: IncomingMessage): void => {
    reached.push({ app: name, what: `${kind} ${url}`, fields: rawHeaders.join("\n") });
  };
  const app = {
    name,
    answers: obey,
    async listen(): Promise<number> {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      return (server.address() as AddressInfo).port;
    },
    stop(): void {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    note(request.method ?? "", request);
    app.answers(request, response);
  });
  sockets.on("connection", (socket, request) => {
    note("WebSocket", request);
    socket.on("message", (data: Buffer) => socket.send(data.toString()));
  });
  return app;
}

async function said(running: ReturnType<OpenDoor["genkan"]>): Promise<string> {
  const { code, stdout, stderr } = await running;
  if (code !== 0) throw new Error(`genkan failed (${code}): ${stderr}`);
  return stdout;
}
