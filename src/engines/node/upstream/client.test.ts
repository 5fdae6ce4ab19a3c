import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { movedClock } from "../../../../test/support/clock.ts";
import { answering, rawApp, type RawApp, SOON } from "../../../../test/support/raw-app.ts";
import type { Clock } from "../../../kernel/clock.ts";
import { type ClientOptions, createUpstreamClient } from "./client.ts";
import {
  type RawHeaders,
  type UpstreamBody,
  type UpstreamClient,
  UpstreamFailureError,
  type UpstreamHead,
  type UpstreamRequest,
  type UpstreamResponse,
} from "./upstream.ts";

const GET: UpstreamRequest = {
  method: "GET",
  target: "/",
  headers: ["Host", "a"],
  body: undefined,
};
const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

function newClient(options: ClientOptions = {}): UpstreamClient {
  const client = createUpstreamClient(options);
  onTestFinished(() => client.stop());
  return client;
}

interface Asking {
  readonly request?: Partial<UpstreamRequest>;
  readonly signal?: AbortSignal;
  readonly onInformation?: (head: UpstreamHead) => void;
}

function ask(client: UpstreamClient, app: RawApp, asking: Asking = {}): Promise<UpstreamResponse> {
  const signal = asking.signal ?? new AbortController().signal;
  const onInformation = asking.onInformation ?? (() => undefined);
  return client.request(app.to, { ...GET, ...asking.request }, { signal, onInformation });
}

/** A body as a visitor sends it; `parts` leave one by one. */
function bodyOf(parts: readonly string[], more: Partial<UpstreamBody> = {}): UpstreamBody {
  return {
    stream: Readable.from(parts.map((part) => Buffer.from(part))),
    length: undefined,
    trailers: undefined,
    expectContinue: false,
    ...more,
  };
}

const failureOf = async (answer: Promise<unknown>): Promise<UpstreamFailureError> => {
  const thrown: unknown = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (thrown instanceof UpstreamFailureError) return thrown;
  throw new Error("this was expected to fail", { cause: thrown });
};
const post = (body: UpstreamBody): Partial<UpstreamRequest> => ({ method: "POST", body });

describe("an answer", () => {
  test("is told with its reason, fields, length, content and trailers", async () => {
    const app = await rawApp(
      answering(
        "HTTP/1.1 404 Nope\r\nx-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\nT: 9\r\n\r\n",
      ),
    );
    const response = await ask(newClient(), app);
    expect(await text(response.body)).toBe("ab");
    expect(response).toMatchObject({
      status: 404,
      statusText: "Nope",
      headers: ["x-A", "1", "Transfer-Encoding", "chunked"],
      length: undefined,
    });
    expect(response.trailers()).toEqual(["T", "9"]);
  });

  test("comes before its content does, and content comes as it is sent", async () => {
    const app = await rawApp((socket) => {
      socket.once("data", () => socket.write("HTTP/1.1 200 OK\r\n\r\ndata: 1\n\n"));
    });
    const { body } = await ask(newClient(), app);
    expect(String((await once(body, "data"))[0])).toBe("data: 1\n\n");
    app.connections[0]?.write("data: 2\n\n");
    expect(String((await once(body, "data"))[0])).toBe("data: 2\n\n");
  });

  test("ends early with an error where the app breaks off", async () => {
    const app = await rawApp((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
    });
    const response = await ask(newClient(), app);
    const failure = await failureOf(text(response.body));
    expect(failure).toMatchObject({
      kind: "closed",
      message: "it broke off in the middle of its answer",
    });
  });

  test("that ends with a reset is not taken for one that ends with the connection", async () => {
    const app = await rawApp((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\nabc");
        setTimeout(() => socket.resetAndDestroy(), 20);
      });
    });
    const response = await ask(newClient(), app);
    expect(await failureOf(text(response.body))).toMatchObject({ kind: "closed" });
  });

  test("whose rest is garbage ends with an error, and nobody needs to listen for it", async () => {
    const app = await rawApp(
      answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\nxx\r\n"),
    );
    const response = await ask(newClient(), app);
    await wait(20);
    expect(response.body.errored).toMatchObject({ kind: "garbage" });
  });

  test.each([
    ["nothing", "", "it closed the connection without an answer"],
    [
      "half a head",
      "HTTP/1.1 200 OK\r\nA",
      "it closed the connection within the head of its answer",
    ],
  ])("that is %s is a failure a person understands", async (_, bytes, why) => {
    const app = await rawApp((socket) => socket.once("data", () => socket.end(bytes)));
    expect(await failureOf(ask(newClient(), app))).toMatchObject({ kind: "closed", message: why });
  });

  test("in between is handed on in order, the last one decides", async () => {
    const app = await rawApp(
      answering(
        `HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 102 P\r\nContent-Length: 3\r\n\r\n${OK}`,
      ),
    );
    const heads: UpstreamHead[] = [];
    const response = await ask(newClient(), app, { onInformation: (head) => heads.push(head) });
    expect(await text(response.body)).toBe("ok");
    expect(heads).toMatchObject([{ status: 103, headers: ["Link", "<a>"] }, { status: 102 }]);
  });

  test("that does not come in time is given up where a limit is set", async () => {
    const app = await rawApp(() => undefined);
    const failure = await failureOf(ask(newClient({ silenceMs: 30 }), app));
    expect(failure).toMatchObject({
      kind: "silent",
      message: `no answer from 127.0.0.1:${app.to.port} within 30 milliseconds`,
    });
  });
});

describe("a connection", () => {
  test("serves again after every kind of clean end", async () => {
    const ends = [
      OK,
      "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nT: 1\r\n\r\n",
      "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
    ];
    const app = await rawApp(answering((_, nth) => ends[nth - 1] ?? OK));
    const client = newClient();
    for (let i = 0; i <= ends.length; i += 1) await text((await ask(client, app)).body);
    expect(app.connections).toHaveLength(1);
  });

  test("stays in step after an answer to HEAD", async () => {
    const app = await rawApp(answering((head) => (head.startsWith("HEAD") ? OK.slice(0, -2) : OK)));
    const client = newClient();
    const head = await ask(client, app, { request: { method: "HEAD" } });
    expect([head.length, await text(head.body)]).toEqual([2, ""]);
    expect(await text((await ask(client, app)).body)).toBe("ok");
    expect(app.connections).toHaveLength(1);
  });

  test.each([
    ["bytes behind the answer", `${OK}HTTP/1.1 200 OK\r\n\r\nsmuggled`],
    ["a wish to close", OK.replace("\r\n", "\r\nConnection: close\r\n")],
    ["HTTP/1.0", OK.replace("1.1", "1.0")],
  ])("with %s never serves again", async (_, answer) => {
    const app = await rawApp(answering(answer));
    const client = newClient();
    for (let i = 0; i < 3; i += 1) expect(await text((await ask(client, app)).body)).toBe("ok");
    expect(app.connections).toHaveLength(3);
  });

  test("that says something while it waits is dropped", async () => {
    const app = await rawApp(answering(OK));
    const client = newClient();
    await text((await ask(client, app)).body);
    app.connections[0]?.write("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad");
    await once(app.connections[0] as Socket, "close");
    expect(await text((await ask(client, app)).body)).toBe("ok");
    expect(app.connections).toHaveLength(2);
  });

  test("that the app ends while it waits is dropped, even before a POST", async () => {
    const app = await rawApp(answering(OK));
    const client = newClient();
    await text((await ask(client, app)).body);
    app.connections[0]?.end();
    await once(app.connections[0] as Socket, "close");
    await text((await ask(client, app, { request: { method: "POST" } })).body);
    expect(app.connections).toHaveLength(2);
  });

  test("used last is taken first, and only so many are kept", async () => {
    const app = await rawApp(answering((_, nth) => (nth === 1 ? "" : OK)));
    const client = newClient({ maxIdle: 2 });
    const answers = [ask(client, app), ask(client, app), ask(client, app)];
    await expect.poll(() => app.connections.length, SOON).toBe(3);
    for (const [i, socket] of app.connections.entries()) {
      socket.write(OK);
      await text((await answers[i])?.body ?? Readable.from([]));
    }
    await expect
      .poll(() => app.connections.map(({ destroyed }) => destroyed), SOON)
      .toEqual([true, false, false]);
    await text((await ask(client, app)).body);
    expect(app.received[2]?.match(/GET/g)).toHaveLength(2);
  });

  test("is not used beyond the time it is kept, nor the time the app keeps it", async () => {
    const clock = movedClock();
    const hinting = OK.replace("\r\n", "\r\nKeep-Alive: timeout=5\r\n");
    const app = await rawApp(answering((_, nth) => (nth === 1 ? OK : hinting)));
    const client = newClient({ clock, idleMs: 30_000 });
    const askAfter = async (ms: number): Promise<number> => {
      clock.move(ms);
      await text((await ask(client, app)).body);
      return app.connections.length;
    };
    expect(await askAfter(0)).toBe(1);
    expect(await askAfter(29_999)).toBe(1);
    expect(await askAfter(3999)).toBe(1);
    expect(await askAfter(4000)).toBe(2);
    expect(await askAfter(30_000)).toBe(3);
  });

  test("that waited too long is ended, others are kept", async () => {
    let sweep = (): void => undefined;
    let now = 0;
    const clock: Clock = {
      now: () => now,
      every: (_, task) => {
        sweep = task;
        return () => undefined;
      },
    };
    const app = await rawApp(() => undefined);
    const client = newClient({ clock, idleMs: 1000 });
    const answers = [ask(client, app), ask(client, app)];
    await expect.poll(() => app.connections.length, SOON).toBe(2);
    for (const [i, socket] of app.connections.entries()) {
      now = i * 500;
      socket.write(OK);
      await text((await answers[i])?.body ?? Readable.from([]));
    }
    const gone = (): boolean[] => app.connections.map(({ destroyed }) => destroyed);
    now = 1000;
    sweep();
    await expect.poll(gone, SOON).toEqual([true, false]);
    now = 1500;
    sweep();
    await expect.poll(gone, SOON).toEqual([true, true]);
  });

  test("that rested for long is not trusted with what cannot be sent again", async () => {
    const clock = movedClock();
    const app = await rawApp(answering(OK));
    const client = newClient({ clock });
    const asked = async (method: string): Promise<number> => {
      await text((await ask(client, app, { request: { method } })).body);
      return app.connections.length;
    };
    expect(await asked("GET")).toBe(1);
    expect(await asked("POST")).toBe(1);
    clock.move(1001);
    expect(await asked("POST")).toBe(2);
    expect(await asked("GET")).toBe(2);
  });

  test("to an app that left the plan is ended, one in use when it is done", async () => {
    const kept = await rawApp(answering(OK));
    const gone = await rawApp(
      answering((_, nth) => (nth === 1 ? OK : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")),
    );
    const client = newClient();
    await text((await ask(client, kept)).body);
    await text((await ask(client, gone)).body);
    const busy = await ask(client, gone);
    client.keepOnly([kept.to]);
    expect(gone.connections.map(({ destroyed }) => destroyed)).toEqual([false]);
    gone.connections[0]?.write("ok");
    expect(await text(busy.body)).toBe("ok");
    await once(gone.connections[0] as Socket, "close");
    await text((await ask(client, kept)).body);
    expect(kept.connections).toHaveLength(1);
  });

  test("is dropped by stop, whatever it does, and none is opened afterwards", async () => {
    const app = await rawApp(answering((_, nth) => (nth === 1 ? OK : "")));
    const client = newClient();
    await text((await ask(client, app)).body);
    const waiting = failureOf(ask(client, app));
    await expect.poll(() => app.received[0]?.match(/GET/g)?.length, SOON).toBe(2);
    await client.stop();
    expect((await waiting).kind).toBe("aborted");
    expect((await failureOf(ask(client, app))).message).toBe("the door is closing");
    await client.stop();
    expect(app.connections).toHaveLength(1);
  });
});

describe("a kept connection that turns out to be gone", () => {
  /** Answers the first request of the first connection, then drops that connection at the second request. */
  const staleApp = (how: (socket: Socket) => void): Promise<RawApp> =>
    rawApp((socket, nth) => {
      let requests = 0;
      socket.on("data", () => {
        requests += 1;
        if (nth === 1 && requests === 2) how(socket);
        else socket.write(OK);
      });
    });

  test.each<[string, (socket: Socket) => void]>([
    ["reset", (socket) => socket.resetAndDestroy()],
    ["ended", (socket) => socket.end()],
  ])("%s: GET is sent again on a new one", async (_, how) => {
    const app = await staleApp(how);
    const client = newClient();
    await text((await ask(client, app)).body);
    expect(await text((await ask(client, app)).body)).toBe("ok");
    expect(app.connections).toHaveLength(2);
  });

  test("POST is not sent again", async () => {
    const app = await staleApp((socket) => socket.end());
    const client = newClient();
    await text((await ask(client, app)).body);
    const failure = await failureOf(ask(client, app, { request: { method: "POST" } }));
    expect(failure.kind).toBe("closed");
    expect(app.connections).toHaveLength(1);
  });

  test("PUT is not sent again once its body was begun", async () => {
    const app = await staleApp((socket) => socket.end());
    const client = newClient();
    await text((await ask(client, app)).body);
    const request = { method: "PUT", body: bodyOf(["abc"]) };
    expect((await failureOf(ask(client, app, { request }))).kind).toBe("closed");
    expect(app.connections).toHaveLength(1);
  });

  test("PUT whose body waits for a 100 is sent again", async () => {
    const app = await staleApp((socket) => socket.end());
    const client = newClient();
    await text((await ask(client, app)).body);
    const request = { method: "PUT", body: bodyOf(["abc"], { expectContinue: true }) };
    expect((await ask(client, app, { request })).status).toBe(200);
    expect(app.connections).toHaveLength(2);
  });

  test("GET is not sent again once a byte of an answer came", async () => {
    const app = await staleApp((socket) => socket.end("H"));
    const client = newClient();
    await text((await ask(client, app)).body);
    expect((await failureOf(ask(client, app))).kind).toBe("closed");
    expect(app.connections).toHaveLength(1);
  });

  test("a new connection that closes at once is not tried for ever", async () => {
    const app = await rawApp((socket) => socket.end());
    expect((await failureOf(ask(newClient(), app))).kind).toBe("closed");
    expect(app.connections).toHaveLength(1);
  });
});

describe("a request's body", () => {
  const HEAD_END = "\r\n\r\n";
  const bodySeen = (app: RawApp): string =>
    app.received[0]?.split(HEAD_END).slice(1).join(HEAD_END) ?? "";

  test("leaves in one packet with its head, where it is already there", async () => {
    const packets: string[] = [];
    const app = await rawApp((socket) => {
      socket.on("data", (chunk) => {
        packets.push(chunk.toString());
        socket.write(OK);
      });
    });
    await ask(newClient(), app, { request: post(bodyOf(["abc"], { length: 3 })) });
    expect(packets).toEqual(["POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"]);
  });

  test("goes out chunked where its length is unknown, with its trailers, and the connection serves again", async () => {
    const app = await rawApp((socket) => {
      socket.on("data", (chunk) => {
        if (chunk.toString().endsWith("0\r\nT: 1\r\n\r\n") || chunk.toString().startsWith("GET"))
          socket.write(OK);
      });
    });
    const client = newClient();
    const trailers = (): RawHeaders => ["T", "1"];
    const request = post(bodyOf(["abc", "", "0123456789abcdef"], { trailers }));
    await text((await ask(client, app, { request })).body);
    expect(bodySeen(app)).toBe("3\r\nabc\r\n10\r\n0123456789abcdef\r\n0\r\nT: 1\r\n\r\n");
    await text((await ask(client, app)).body);
    expect(app.connections).toHaveLength(1);
  });

  test.each([
    ["longer", ["abc", "GET /smuggled HTTP/1.1\r\n\r\n"]],
    ["shorter", ["ab"]],
  ])("%s than announced never leaves a byte too many, and fails", async (_, parts) => {
    const app = await rawApp(() => undefined);
    const failure = await failureOf(
      ask(newClient(), app, { request: post(bodyOf(parts, { length: 3 })) }),
    );
    expect(failure.kind).toBe("aborted");
    await once(app.connections[0] as Socket, "close");
    expect("abc".startsWith(bodySeen(app))).toBe(true);
  });

  test("with a trailer that cannot be sent ends the exchange, not the door", async () => {
    const app = await rawApp(() => undefined);
    const request = post(bodyOf(["abc"], { trailers: () => ["a b", "c"] }));
    await expect(ask(newClient(), app, { request })).rejects.toThrow("cannot be sent");
  });

  test("that breaks off ends the exchange: the visitor left", async () => {
    const app = await rawApp(() => undefined);
    const stream = new Readable({ read: () => undefined });
    const answer = failureOf(ask(newClient(), app, { request: post(bodyOf([], { stream })) }));
    stream.push("abc");
    await expect.poll(() => bodySeen(app), SOON).toContain("abc");
    stream.destroy();
    expect((await answer).kind).toBe("aborted");
    await once(app.connections[0] as Socket, "close");
  });

  test("that was over before it was asked for is not waited for", async () => {
    const app = await rawApp(answering(OK));
    const client = newClient();
    const ended = Readable.from([]).resume();
    await once(ended, "end");
    const empty = post(bodyOf([], { stream: ended, length: 0 }));
    expect((await ask(client, app, { request: empty })).status).toBe(200);
    const left = new Readable().destroy();
    const gone = failureOf(ask(client, app, { request: post(bodyOf([], { stream: left })) }));
    expect((await gone).kind).toBe("aborted");
  });

  test("may go on while the answer already comes, and the connection serves again", async () => {
    const app = await rawApp((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        socket.on("data", (chunk) => {
          if (chunk.toString().startsWith("GET")) return socket.write(OK);
          const end = chunk.toString().endsWith("0\r\n\r\n");
          return socket.write(end ? "1\r\n!\r\n0\r\n\r\n" : "1\r\n.\r\n");
        });
      });
    });
    const client = newClient();
    const stream = new Readable({ read: () => undefined });
    stream.push("a");
    const response = await ask(client, app, { request: post(bodyOf([], { stream })) });
    stream.push("b");
    expect(String((await once(response.body, "data"))[0])).toBe(".");
    stream.push(null);
    expect(await text(response.body)).toBe("!");
    await text((await ask(client, app)).body);
    expect(app.connections).toHaveLength(1);
  });

  test("is read no further once the app refused, and the connection does not serve again", async () => {
    const refusal = "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno";
    const app = await rawApp((socket, nth) => {
      socket.once("data", () => socket.write(nth === 1 ? refusal : OK));
    });
    const client = newClient();
    const stream = new Readable({ read: () => undefined });
    stream.push("a");
    const response = await ask(client, app, { request: post(bodyOf([], { stream })) });
    stream.push("b");
    expect([response.status, await text(response.body)]).toEqual([413, "no"]);
    expect(bodySeen(app)).toBe("1\r\na\r\n");
    expect([stream.destroyed, stream.isPaused()]).toEqual([false, true]);
    await text((await ask(client, app)).body);
    expect(app.connections).toHaveLength(2);
  });

  test("of an app that refuses and closes with a reset does not cost the answer", async () => {
    const app = await refusingApp();
    const client = newClient();
    for (let i = 0; i < 40; i += 1) {
      const stream = new Readable({ read: (size) => stream.push(Buffer.alloc(size)) });
      const response = await ask(client, app, { request: post(bodyOf([], { stream })) });
      expect([response.status, await text(response.body)]).toEqual([413, "no"]);
    }
  });
});

/**
 * An app in a process of its own that answers at the first bytes and closes with the rest unread: the
 * kernel sends a reset, and the door's next write fails while the answer still waits to be read.
 */
async function refusingApp(): Promise<RawApp> {
  const answer = "HTTP/1.1 413 x\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno";
  const program = `require("net").createServer((socket) => {
    socket.on("error", () => undefined).once("data", () => {
      socket.pause().write(${JSON.stringify(answer)}, () => socket.resetAndDestroy());
    });
  }).listen(0, "127.0.0.1", function () { process.stdout.write(String(this.address().port)); })`;
  const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill());
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const to = { scheme: "http", host: "127.0.0.1", port: Number(port), insecure: false } as const;
  return { to, connections: [], received: [] };
}

describe("Expect: 100-continue", () => {
  const waiting = (): { request: Partial<UpstreamRequest>; stream: Readable } => {
    const body = bodyOf(["abc"], { length: 3, expectContinue: true });
    return { request: post(body), stream: body.stream };
  };

  test("holds the body back until the app says 100", async () => {
    const app = await rawApp((socket) => {
      socket.on("data", (chunk) => {
        if (chunk.toString() === "abc") socket.write(OK);
      });
    });
    const { request, stream } = waiting();
    const statuses: number[] = [];
    const answer = ask(newClient(), app, {
      request,
      onInformation: ({ status }) => statuses.push(status),
    });
    await expect.poll(() => app.received[0], SOON).toContain("Expect: 100-continue\r\n\r\n");
    await wait(20);
    expect([app.received[0]?.includes("abc"), stream.readableDidRead]).toEqual([false, false]);
    app.connections[0]?.write("HTTP/1.1 100 Continue\r\n\r\n");
    expect(await text((await answer).body)).toBe("ok");
    expect(statuses).toEqual([100]);
  });

  test("leaves the body unread where the app refuses", async () => {
    const app = await rawApp(answering("HTTP/1.1 401 x\r\nContent-Length: 0\r\n\r\n"));
    const client = newClient();
    const { request, stream } = waiting();
    const response = await ask(client, app, { request });
    expect([response.status, await text(response.body)]).toEqual([401, ""]);
    await wait(20);
    expect(stream.readableDidRead).toBe(false);
    expect(app.received[0]?.includes("abc")).toBe(false);
    await ask(client, app);
    expect(app.connections).toHaveLength(2);
  });

  test("sends the body to an app that answers well without a 100", async () => {
    const app = await rawApp(answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
    const { request } = waiting();
    expect((await ask(newClient(), app, { request })).status).toBe(200);
    await expect.poll(() => app.received[0]?.endsWith("abc"), SOON).toBe(true);
  });

  test("does not wait for ever for a 100", async () => {
    const app = await rawApp((socket) => {
      socket.on("data", (chunk) => {
        if (chunk.toString() === "abc") socket.write(OK);
      });
    });
    const { request } = waiting();
    expect((await ask(newClient(), app, { request })).status).toBe(200);
  });
});

describe("a visitor who leaves", () => {
  test("before the answer drops the connection", async () => {
    const app = await rawApp(() => undefined);
    const abort = new AbortController();
    const answer = failureOf(ask(newClient(), app, { signal: abort.signal }));
    await expect.poll(() => app.received[0], SOON).toContain("GET");
    abort.abort();
    expect((await answer).kind).toBe("aborted");
    await once(app.connections[0] as Socket, "close");
  });

  test("within the answer drops the connection and ends the body", async () => {
    const app = await rawApp(answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
    const abort = new AbortController();
    const response = await ask(newClient(), app, { signal: abort.signal });
    abort.abort();
    expect((await failureOf(text(response.body))).kind).toBe("aborted");
    await once(app.connections[0] as Socket, "close");
  });

  test("by destroying the body drops the connection", async () => {
    const app = await rawApp(answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
    const response = await ask(newClient(), app);
    response.body.destroy();
    await expect.poll(() => app.connections[0]?.destroyed, SOON).toBe(true);
    expect(app.connections).toHaveLength(1);
  });

  test("had left before anything began: the app hears nothing", async () => {
    const app = await rawApp(answering(OK));
    const failure = await failureOf(ask(newClient(), app, { signal: AbortSignal.abort() }));
    expect(failure.kind).toBe("aborted");
    expect(app.received.join("")).toBe("");
  });

  test("after the answer does not harm the connection", async () => {
    const app = await rawApp(answering(OK));
    const client = newClient();
    const abort = new AbortController();
    await text((await ask(client, app, { signal: abort.signal })).body);
    abort.abort();
    await text((await ask(client, app)).body);
    expect(app.connections).toHaveLength(1);
  });
});

test("an app that closes at any byte of its answer never hangs a visitor or passes for complete", async () => {
  const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n";
  let length = 0;
  const app = await rawApp((socket) =>
    socket.once("data", () => socket.end(answer.slice(0, length))),
  );
  const client = newClient();
  for (length = 0; length < answer.length; length += 1) {
    const outcome = await ask(client, app)
      .then(({ body }) => text(body))
      .catch((thrown: unknown) => thrown);
    expect(outcome).toMatchObject({ kind: "closed" });
  }
  expect(await text((await ask(client, app)).body)).toBe("ab");
});
