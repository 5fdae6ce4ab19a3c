/*
 * An app whose answers a test writes down, as a program for a host of its own: `FOLDER`. Answers a path with the JSON
 * of the file that is named like it (`/api/v1/sandboxes` -> `api.v1.sandboxes.json`), read each time. Prints its port.
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const [, , folder = "."] = process.argv;
const server = createServer(({ url = "/" }, response) => {
  const file = join(folder, `${url.slice(1).replaceAll("/", ".")}.json`);
  const isThere = existsSync(file);
  response.writeHead(isThere ? 200 : 404, { "content-type": "application/json" });
  response.end(isThere ? readFileSync(file) : "{}");
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  console.log(typeof address === "object" ? address?.port : address);
});
