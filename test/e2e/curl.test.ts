/*
 * The door before a program that is not a browser: curl, with the root by `--cacert`, over both versions
 * of HTTP. What an app sends must come out as it went in.
 */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { connect, type SecureVersion, type TLSSocket } from "node:tls";
import { describe, expect, test } from "vitest";
import { curl, startCurl } from "../support/curl.ts";
import { openDoor, type OpenDoor } from "../support/genkan.ts";
import {
  ETAG,
  GZIPPED,
  type ManySidedApp,
  startManySidedApp,
  TEXT,
} from "../support/many-sided-app.ts";
import { tempFolder } from "../support/temp.ts";
import { describeWithTools } from "../support/tools.ts";

interface World {
  readonly app: ManySidedApp;
  readonly door: OpenDoor;
  /** Of a path of the app. */
  readonly url: (path: string) => string;
  /** Runs curl, which must succeed without a word on standard error; gives its output. */
  readonly fetch: (...args: string[]) => Promise<string>;
}

async function openWorld(): Promise<World> {
  const app = await startManySidedApp();
  const door = await openDoor(tempFolder(), [`app=${app.port}`]);
  return {
    app,
    door,
    url: (path) => `https://app.local:${door.httpsPort}${path}`,
    fetch: async (...args) => {
      const { code, stdout, stderr } = await curl(door, args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      return stdout;
    },
  };
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What a stream says until it has said this. */
async function heard(stream: Readable, text: string): Promise<string> {
  let all = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    all += String(chunk);
    if (all.includes(text)) return all;
  }
  throw new Error(`it ended after: ${all}`);
}

const LARGE = 64 * 1024 * 1024;
const QUIET = ["-o", "/dev/null"];

describeWithTools("curl", ["curl"], () => {
  describe.each([
    ["1.1", "--http1.1"],
    ["2", "--http2"],
  ])("over HTTP/%s", (version, option) => {
    test("gets an app's answer", async () => {
      const { fetch, url } = await openWorld();
      const out = await fetch(option, "-w", "\n%{http_version} %{http_code}", url("/text"));
      expect(out).toBe(`${TEXT}\n${version} 200`);
    });

    test("gets 64 MB back as it sent them", async () => {
      const { fetch, url } = await openWorld();
      const [there, back] = [join(tempFolder(), "there"), join(tempFolder(), "back")];
      const bytes = randomBytes(LARGE);
      writeFileSync(there, bytes);
      expect(await fetch(option, "-T", there, url("/digest"))).toBe(sha256(bytes));
      await fetch(option, "-T", there, "-o", back, url("/mirror"));
      expect(sha256(readFileSync(back))).toBe(sha256(bytes));
    });

    test("gets each event before the next is made", async () => {
      const { app, door, url } = await openWorld();
      const child = await startCurl(door, [option, "-N", "-D", "-", url("/events")]);
      await heard(child.stdout!, "text/event-stream");
      for (const nth of [1, 2, 3]) {
        app.sendEvent();
        const event = `data: event ${nth}\n\n`;
        expect(await heard(child.stdout!, event)).toContain(event);
      }
    });

    test("gets trailers", async () => {
      const { fetch, url } = await openWorld();
      const out = await fetch(option, "-D", "-", "-H", "TE: trailers", url("/trailers"));
      expect(out).toContain("content");
      expect(out.toLowerCase()).toMatch(/x-checksum: abc123\r\n$/);
    });

    test("is told to go on with a large upload, and only when the app wants it", async () => {
      const { app, door, url } = await openWorld();
      const file = join(tempFolder(), "file");
      const bytes = randomBytes(4 * 1024 * 1024);
      writeFileSync(file, bytes);
      const post = [option, "-v", "-H", "Expect: 100-continue", "--expect100-timeout", "40"];
      const taken = await curl(door, [...post, "--data-binary", `@${file}`, url("/digest")]);
      expect(taken).toMatchObject({ code: 0, stdout: sha256(bytes) });
      expect(taken.stderr).toMatch(/^< HTTP\/[12.]+ 100/m);

      const before = app.bytesRead();
      const refused = await curl(door, [...post, "--data-binary", `@${file}`, url("/too-large")]);
      expect(refused).toMatchObject({ code: 0, stdout: "No.\n" });
      expect(refused.stderr).toMatch(/^< HTTP\/[12.]+ 413/m);
      expect(refused.stderr).not.toMatch(/^< HTTP\/[12.]+ 100/m);
      expect(app.bytesRead()).toBe(before);
    });

    test("gets a head without its content", async () => {
      const { fetch, url } = await openWorld();
      const out = (await fetch(option, "-I", url("/text"))).toLowerCase();
      expect(out).toContain(`content-length: ${Buffer.byteLength(TEXT)}\r\n`);
      expect(out).toContain(`etag: ${ETAG}\r\n`);
    });

    test("is spared what it has", async () => {
      const { fetch, url } = await openWorld();
      const known = ["-H", `If-None-Match: ${ETAG}`, "-w", "%{http_code} %{size_download}"];
      expect(await fetch(option, ...known, url("/text"))).toBe("304 0");
      expect(await fetch(option, "-I", ...known, ...QUIET, url("/text"))).toBe("304 0");
    });

    test("gets nothing where there is nothing", async () => {
      const { fetch, url } = await openWorld();
      const out = await fetch(option, "-i", "-w", "%{http_code} %{size_download}", url("/nothing"));
      expect(out).toMatch(/204 0$/);
      expect(out.toLowerCase()).not.toMatch(/content-length|transfer-encoding/);
    });

    test("gets the part it asks for", async () => {
      const { fetch, url } = await openWorld();
      const out = await fetch(option, "-r", "7-20", "-D", "-", url("/text"));
      expect(out).toMatch(/^HTTP\/[12.]+ 206/);
      expect(out.toLowerCase()).toContain("content-range: bytes 7-20/");
      expect(out).toMatch(/\r\n\r\nis the entranc$/);
    });

    test("gets what an app compressed as the app compressed it", async () => {
      const { fetch, url } = await openWorld();
      const file = join(tempFolder(), "out.gz");
      const gzip = ["-H", "Accept-Encoding: gzip"];
      await fetch(option, ...gzip, "-o", file, url("/gzip"));
      expect(readFileSync(file).equals(GZIPPED)).toBe(true);
      expect(await fetch(option, "--compressed", url("/gzip"))).toBe(TEXT);
    });

    test("keeps its connection, and the door keeps its own", async () => {
      const { app, fetch, url } = await openWorld();
      const urls = ["/text", "/gzip", "/nothing", "/text"].flatMap((path) => [...QUIET, url(path)]);
      const before = app.connections(); // the door looked whether the app is there
      expect(await fetch(option, "-w", "%{num_connects} ", ...urls)).toBe("1 0 0 0 ");
      expect(app.connections()).toBe(before + 1);
    });

    test("is told in JSON that a name is unknown", async () => {
      const { fetch, url } = await openWorld();
      const asked = ["-H", "Host: unknown.local", "-w", "\n%{http_code}", url("/text")];
      const [status, ...body] = (await fetch(option, ...asked)).split("\n").toReversed();
      expect(status).toBe("421");
      expect(JSON.parse(body.toReversed().join("\n"))).toMatchObject({
        error: { code: "DOOR_UNKNOWN_HOST" },
      });
    });
  });

  test("sends content whose length it does not know", async () => {
    const { fetch, url } = await openWorld();
    const file = join(tempFolder(), "file");
    const bytes = randomBytes(1024 * 1024);
    writeFileSync(file, bytes);
    const chunked = ["--http1.1", "-H", "Transfer-Encoding: chunked", "-T", file];
    expect(await fetch(...chunked, url("/digest"))).toBe(sha256(bytes));
  });

  test.each([
    ["TLSv1.2", ["--tls-max", "1.2"]],
    ["TLSv1.3", ["--tlsv1.3"]],
  ])("speaks %s", async (spoken, options) => {
    const { door, url } = await openWorld();
    const { code, stderr } = await curl(door, ["-v", ...options, ...QUIET, url("/text")]);
    expect(code).toBe(0);
    expect(stderr).toContain(`SSL connection using ${spoken}`);
    expect(stderr).toContain("SSL certificate verify ok.");
  });

  test("is refused with TLS 1.1", async () => {
    const { door, url } = await openWorld();
    // Debian's OpenSSL does not even offer it unless told to.
    const old = ["--tlsv1.1", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"];
    const { code, stderr } = await curl(door, [...old, ...QUIET, url("/text")]);
    expect(code).toBe(35);
    expect(stderr).toContain("alert protocol version");
  });

  test("is refused by the certificate of a root it does not know", async () => {
    const { door } = await openWorld();
    const other = await openDoor(tempFolder());
    const name = `hello.local:${door.httpsPort}`;
    const args = ["--resolve", `${name}:127.0.0.1`, `https://${name}/`];
    const { code, stderr } = await curl(other, args);
    expect(code).toBe(60);
    expect(stderr).toContain("certificate");
  });
});

describe("a TLS session", () => {
  test.each<[SecureVersion]>([["TLSv1.2"], ["TLSv1.3"]])(
    "is taken up again over %s",
    async (version) => {
      const { door } = await openWorld();
      const options = {
        host: "127.0.0.1",
        port: door.httpsPort,
        servername: "app.local",
        ca: readFileSync(door.ready.root.path),
        minVersion: version,
        maxVersion: version,
      };
      const first = connect(options);
      const session = new Promise<Buffer>((resolve) => first.once("session", resolve));
      expect(await answerOn(first)).toMatchObject({ isReused: false });

      const second = connect({ ...options, session: await session });
      const { answer, isReused } = await answerOn(second);
      expect(isReused).toBe(true);
      expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    },
  );
});

/** One request and its answer; the connection is closed by the door. */
async function answerOn(socket: TLSSocket): Promise<{ answer: string; isReused: boolean }> {
  let answer = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => (answer += chunk));
  await once(socket, "secureConnect");
  const isReused = socket.isSessionReused();
  socket.write("GET /text HTTP/1.1\r\nHost: app.local\r\nConnection: close\r\n\r\n");
  await once(socket, "close");
  return { answer, isReused };
}
