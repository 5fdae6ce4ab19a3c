import { once } from "node:events";
import { createServer, request as ask } from "node:http";
import { connect, constants, createServer as createHttp2Server } from "node:http2";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { silentLog } from "../kernel/log.ts";
import { createPages } from "./pages.ts";

const nodesOwn = { Request, Response };
const pages = createPages({
  root: {
    pem: "PEM",
    der: Buffer.from("DER"),
    fingerprint256: "AA:BB",
    words: ["one", "two", "three", "four"],
    scope: undefined,
    notAfter: 0,
  },
  place: () => ({ plainOrigin: undefined, secureOrigin: "https://genkan.local" }),
  version: "1.0.0",
  log: silentLog,
});

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Asks, and sends `begin` as the first bytes of a body that never ends. */
async function http1(method: string, path: string, begin?: Buffer) {
  const server = createServer((request, response) => void pages.portal(request, response));
  onTestFinished(() => server.closeAllConnections());
  const port = await listen(server);
  const headers = begin ? { "transfer-encoding": "chunked" } : {};
  const asked = ask({ host: "127.0.0.1", port, method, path, headers });
  const gone = once(asked, "close");
  if (begin) asked.write(begin);
  else asked.end();
  const [response] = await once(asked, "response");
  return {
    status: response.statusCode,
    headers: response.headers,
    body: await text(response),
    gone,
  };
}

async function http2(method: string, path: string, begin?: Buffer) {
  const server = createHttp2Server((request, response) => void pages.portal(request, response));
  const session = connect(`http://127.0.0.1:${await listen(server)}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": method, ":path": path }, { endStream: !begin });
  const gone = once(stream, "close");
  if (begin) stream.write(begin);
  const [headers] = await once(stream, "response");
  const status = headers[constants.HTTP2_HEADER_STATUS];
  return { status, headers, body: await text(stream), gone };
}

test.each([
  ["HTTP/1.1", http1],
  ["HTTP/2", http2],
])("the portal answers over %s", async (_, over) => {
  const page = await over("GET", "/");
  expect(page.status).toBe(200);
  expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(page.body).toContain("one two three four");
  expect(page.headers).not.toHaveProperty("server");
  expect(page.headers).not.toHaveProperty("x-powered-by");

  const root = await over("GET", "/root.crt");
  expect(root.headers["content-length"]).toBe("3");
  expect(root.body).toBe("DER");

  const head = await over("HEAD", "/root.pem");
  expect(head.status).toBe(200);
  expect(head.body).toBe("");
});

test.each([
  ["HTTP/1.1", http1],
  ["HTTP/2", http2],
])("a body over %s is neither waited for nor read to its end", async (_, over) => {
  const refused = await over("POST", "/", Buffer.alloc(1000));
  expect(refused.status).toBe(405);
  expect(refused.headers["allow"]).toBe("GET, HEAD");
  await refused.gone;
});

test("a body with GET over HTTP/1.1 is not read to its end either", async () => {
  const answered = await http1("GET", "/root.crt", Buffer.alloc(1000));
  expect(answered.body).toBe("DER");
  await answered.gone;
});

test("the process keeps Node's own Request and Response", () => {
  expect(Request).toBe(nodesOwn.Request);
  expect(Response).toBe(nodesOwn.Response);
});
