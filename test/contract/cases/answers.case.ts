import { once } from "node:events";
import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { answering, SOON } from "../../support/raw-app.ts";
import { answered, answerOf, forwarded, get } from "../ask.ts";
import { GET, OK, scene, type Topic } from "../contract.ts";

const CHUNKED = "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Sum: 9\r\n\r\n";
const WAITING =
  "POST / HTTP/1.1\r\nHost: wiki.local\r\nContent-Length: 6\r\nExpect: 100-continue\r\n\r\n";

/** Methods of RFC 9110, 5789, 4918 and others that apps at home use (WebDAV, CalDAV). */
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "MKCOL", "REPORT"];

export const answers: Topic = {
  title: "Methods and answers",
  proofs: {
    "every ordinary method passes, over both protocols": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      const session = await door.http2("wiki.local");
      for (const method of METHODS) {
        const talk = await door.raw("wiki.local");
        talk.say(`${method} /one HTTP/1.1\r\nHost: wiki.local\r\n\r\n`);
        await talk.until("ok");
        const stream = get(session, { ":method": method, ":path": "/two" });
        stream.end();
        expect(await answerOf(stream)).toMatchObject({ status: 200 });
      }
      const received = app.received.join("");
      for (const method of METHODS) {
        expect(received).toContain(`${method} /one HTTP/1.1\r\n`);
        expect(received).toContain(`${method} /two HTTP/1.1\r\n`);
      }
    },

    "TRACE and CONNECT are refused": async (open) => {
      const { app, door } = await scene(open, answering(OK));
      for (const request of ["TRACE / HTTP/1.1", "CONNECT wiki.local:443 HTTP/1.1"]) {
        const talk = await door.raw("wiki.local");
        talk.say(`${request}\r\nHost: wiki.local\r\n\r\n`);
        expect(await talk.end()).toMatch(/^HTTP\/1.1 40[05] /);
      }
      expect(app.connections).toEqual([]);
    },

    "an answer to HEAD ends with its head, and keeps the length it tells": async (open) => {
      const { door } = await scene(
        open,
        answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
      );
      const talk = await door.raw("wiki.local");
      const request = "HEAD / HTTP/1.1\r\nHost: wiki.local\r\n\r\n";
      talk.say(request + request);
      const heard = await talk.until(/\r\n\r\nHTTP\/1.1 .*\r\n\r\n/s);
      expect(heard.match(/\r\nContent-Length: 1000\r\n/gi)).toHaveLength(2);
      const stream = get(await door.http2("wiki.local"), { ":method": "HEAD" });
      const { headers, body } = await answerOf(stream);
      expect([headers["content-length"], body]).toEqual(["1000", ""]);
    },

    "204 and 304 end with their heads, and the connection serves on": async (open) => {
      for (const answer of ["204 No Content\r\n\r\n", "304 Not Modified\r\nETag: x\r\n\r\n"]) {
        const { door } = await scene(open, answering(`HTTP/1.1 ${answer}`));
        const talk = await door.raw("wiki.local");
        talk.say(`${GET}\r\n${GET}\r\n`);
        const heard = await talk.until(/\r\n\r\nHTTP\/1.1 .*\r\n\r\n/s);
        expect(heard).not.toMatch(/content-length|chunked/i);
        expect(heard.split("\r\n\r\n")).toHaveLength(3);
        const over = await answerOf(get(await door.http2("wiki.local")));
        expect([over.status, over.body]).toEqual([Number(answer.slice(0, 3)), ""]);
      }
    },

    "an answer in chunks stays in chunks": async (open) => {
      const heard = await answered(open, `HTTP/1.1 200 OK\r\n${CHUNKED}`, { last: /0\r\n/ });
      expect(heard).toMatch(/\r\nTransfer-Encoding: chunked\r\n.*\r\n3\r\nabc\r\n0\r\n/is);
    },

    "trailers of an answer reach the visitor, over both protocols": async (open) => {
      const { door } = await scene(
        open,
        answering(`HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\n${CHUNKED}`),
      );
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      expect(await talk.until(/\r\n0\r\n.*\r\n\r\n|\r\n0\r\n\r\n/s)).toMatch(/\r\nX-Sum: 9\r\n/i);
      const { body, trailers } = await answerOf(get(await door.http2("wiki.local")));
      expect([body, trailers["x-sum"]]).toEqual(["abc", "9"]);
    },

    "a visitor of HTTP/1.0 gets no chunks, but the end of the connection": async (open) => {
      const { door } = await scene(open, answering(`HTTP/1.1 200 OK\r\n${CHUNKED}`));
      const talk = await door.raw("wiki.local");
      talk.say("GET / HTTP/1.0\r\nHost: wiki.local\r\n\r\n");
      const heard = await talk.end();
      expect(heard).toMatch(/\r\n\r\nabc$/);
      expect(heard).not.toMatch(/chunked/i);
    },

    "early hints are passed on before the answer, over both protocols": async (open) => {
      const hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; as=style\r\n\r\n";
      const { door } = await scene(open, answering(`${hints}${OK}`));
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}\r\n`);
      expect(await talk.until("ok")).toMatch(
        /^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload; as=style\r\n\r\nHTTP\/1.1 200 OK/i,
      );
      const stream = get(await door.http2("wiki.local"));
      let links: unknown;
      stream.on("headers", (fields) => (links = fields["link"]));
      expect(await answerOf(stream)).toMatchObject({ status: 200, body: "ok" });
      expect(links).toBe("</a.css>; rel=preload; as=style");
    },

    "hints an app sends do not disturb its answer": async (open) => {
      const hints =
        "HTTP/1.1 103 Early Hints\r\nLink: nonsense\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n";
      const { door } = await scene(open, answering(`${hints}${OK}`));
      const { status, body } = await answerOf(get(await door.http2("wiki.local")));
      expect([status, body]).toEqual([200, "ok"]);
    },

    "a visitor who waits for 100 is asked for its content, and answered": async (open) => {
      const { door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (part.includes("Expect")) socket.write("HTTP/1.1 100 Continue\r\n\r\n");
          if (part.includes("secret")) socket.write(OK);
        });
      });
      const talk = await door.raw("wiki.local");
      talk.say(WAITING);
      await talk.until("HTTP/1.1 100 Continue\r\n\r\n");
      talk.say("secret");
      expect(await talk.until("ok")).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
    },

    "the app decides whether a visitor who waits for 100 may send": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.once("data", () =>
          socket.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno"),
        );
      });
      const talk = await door.raw("wiki.local");
      talk.say(WAITING);
      expect(await talk.until(/no$/)).toMatch(/^HTTP\/1.1 413 /);
      await expect.poll(() => app.received[0], SOON).toMatch(/expect: 100-continue\r\n/i);
    },

    "over HTTP/2 a visitor who waits for 100 is asked once, when the app says so": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (part.includes("secret")) socket.write(OK);
        });
      });
      const session = await door.http2("wiki.local");
      const waiting = { ":method": "POST", expect: "100-continue", "content-length": 6 };
      const stream = get(session, waiting);
      let continues = 0;
      stream.on("continue", () => {
        continues += 1;
        stream.end("secret");
      });
      await expect.poll(() => app.received[0], SOON).toMatch(/expect: 100-continue/i);
      app.connections[0]?.write("HTTP/1.1 100 Continue\r\n\r\n");
      expect(await answerOf(stream)).toMatchObject({ status: 200, body: "ok" });
      expect(continues).toBe(1);
    },

    "ranges and conditions pass, and the app's 206 comes back as it is": async (open) => {
      const asked = [
        "Range: bytes=0-1,4-",
        'If-Range: "v1"',
        'If-None-Match: W/"v0"',
        "If-Match: *",
      ];
      const partial = "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-1/9\r\n";
      const { app, door } = await scene(open, answering(`${partial}Content-Length: 2\r\n\r\nok`));
      const talk = await door.raw("wiki.local");
      talk.say(`${GET}${asked.join("\r\n")}\r\n\r\n`);
      expect(await talk.until(/ok$/)).toMatch(/^HTTP\/1.1 206 .*Content-Range: bytes 0-1\/9\r\n/is);
      expect(app.received[0]?.split("\r\n")).toEqual(expect.arrayContaining(asked));
    },

    "a range the app ignores is not cut out by the door": async (open) => {
      const heard = await answered(
        open,
        "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nContent-Length: 6\r\n\r\nabcdef",
        { request: `${GET}Range: bytes=1-2\r\n\r\n`, last: /abcdef$/ },
      );
      expect(heard).toMatch(/^HTTP\/1.1 200 /);
    },

    "compressed content passes as the app made it": async (open) => {
      const packed = gzipSync("genkan ".repeat(1000)).toString("latin1");
      const { app, door } = await scene(
        open,
        answering(
          `HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nETag: "v1"\r\nVary: Accept-Encoding\r\nContent-Length: ${packed.length}\r\n\r\n${packed}`,
        ),
      );
      const stream = get(await door.http2("wiki.local"), { "accept-encoding": "br, gzip;q=0.5" });
      const { headers, body } = await answerOf(stream);
      expect(body).toBe(packed);
      expect(headers).toMatchObject({ "content-encoding": "gzip", etag: '"v1"' });
      expect(app.received[0]).toMatch(/\r\naccept-encoding: br, gzip;q=0.5\r\n/i);
    },

    "content that is not compressed stays so": async (open) => {
      const text = `${"genkan ".repeat(1000)}end`;
      const heard = await answered(
        open,
        `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${text.length}\r\n\r\n${text}`,
        { request: `${GET}Accept-Encoding: gzip, br\r\n\r\n`, last: /genkan end$/ },
      );
      expect(heard).not.toMatch(/content-encoding/i);
    },

    "an asterisk for the whole app reaches it": async (open) => {
      const lines = await forwarded(open, "OPTIONS * HTTP/1.1\r\nHost: wiki.local\r\n\r\n");
      expect(lines[0]).toBe("OPTIONS * HTTP/1.1");
    },

    "a connection the app would upgrade to anything else stays HTTP": async (open) => {
      const lines = await forwarded(
        open,
        `${GET}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
      );
      expect(lines.join("\n")).not.toMatch(/^upgrade|connection:.*upgrade|http2-settings:/im);
    },

    "a request over HTTP/2 that a later one overtakes is answered, too": async (open) => {
      const { app, door } = await scene(open, (socket) => {
        socket.on("data", (part) => {
          if (!part.includes("/slow")) socket.write(OK);
        });
      });
      const session = await door.http2("wiki.local");
      const slow = answerOf(get(session, { ":path": "/slow" }));
      await expect.poll(() => app.connections.length, SOON).toBe(1);
      expect(await answerOf(get(session))).toMatchObject({ body: "ok" });
      app.connections[0]?.write(OK);
      expect(await slow).toMatchObject({ body: "ok" });
      const over = once(session, "close");
      session.close();
      await over;
    },
  },
};
