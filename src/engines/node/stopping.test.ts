/*
 * What a door that stops does with connections on which nothing was asked: browsers open some in advance.
 */
import { once } from "node:events";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { openDoor } from "../../../test/support/door.ts";
import { rawApp } from "../../../test/support/raw-app.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const GET = "GET / HTTP/1.1\r\nHost: wiki.local\r\n\r\n";

async function connected(port: number) {
  const socket = connect(port, "127.0.0.1").resume();
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect");
  return socket;
}

test("connections that never asked anything end at once, while an answer may still come", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const busy = await door.raw("wiki.local");
  busy.say(GET);
  await expect.poll(() => app.connections.length).toBe(1);
  const overTls = await door.raw("wiki.local");
  const silent = [await connected(door.httpsPort), await connected(door.httpPort)];
  await door.raw("wiki.local"); // so that those before it are accepted, too
  const closed = silent.map((socket) => once(socket, "close"));
  const stopped = door.engine.stop(60_000);
  await Promise.all([overTls.end(), ...closed]);
  app.connections[0]?.write(OK);
  expect(await busy.end()).toMatch(/connection: close\r\n.*ok$/is);
  await stopped;
});

test("a request that has begun to arrive is still heard", async () => {
  const app = await rawApp(() => undefined);
  const door = await openDoor({ wiki: app.to });
  const slow = await door.raw("wiki.local");
  slow.say(GET.slice(0, 20));
  const busy = await door.raw("wiki.local");
  busy.say(GET);
  await expect.poll(() => app.connections.length).toBe(1); // what came before it was read, too
  const stopped = door.engine.stop(60_000);
  slow.say(GET.slice(20));
  await expect.poll(() => app.connections.length).toBe(2);
  for (const socket of app.connections) socket.write(OK);
  expect(await slow.end()).toMatch(/connection: close\r\n.*ok$/is);
  await stopped;
});
