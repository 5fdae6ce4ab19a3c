import { expect, test } from "vitest";
import { openNginxDoor } from "../../../test/support/nginx-door.ts";
import { answering, rawApp } from "../../../test/support/raw-app.ts";
import { describeWithTools } from "../../../test/support/tools.ts";

describeWithTools("the nginx engine", ["nginx"], () => {
  test("carries a request to the app of its name", async () => {
    const app = await rawApp(answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
    const door = await openNginxDoor({ hello: app.to });
    const talk = await door.raw("hello.local");
    talk.say("GET /a/../b//c?d HTTP/1.1\r\nHost: hello.local\r\nConnection: close\r\n\r\n");
    expect(await talk.end()).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*hello$/);
  });
});
