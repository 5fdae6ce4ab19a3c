import { expect, test } from "vitest";
import { readContainers } from "./read-docker.ts";
import { openHandsAmong, placesOf, sandboxesAmong, titleOf } from "./recognise.ts";

const GATEWAY = "172.17.0.1";

/** As Docker lists it: `docker run ARGS` of the article. */
const article = {
  Id: "a1",
  Names: ["/openhands-app"],
  Image: "docker.all-hands.dev/all-hands-ai/openhands:0.36",
  State: "running",
  Created: 1_764_000_000,
  Labels: {},
  Ports: [
    { IP: "0.0.0.0", PrivatePort: 3000, PublicPort: 3000, Type: "tcp" },
    { IP: "::", PrivatePort: 3000, PublicPort: 3000, Type: "tcp" },
  ],
};

function among(...list: object[]) {
  return openHandsAmong(readContainers(list), GATEWAY);
}

test("the article's container is recognised, and that the whole network reaches it", () => {
  const [seen] = among(article);
  expect(seen).toMatchObject({ generation: "0.36", isOurs: false, tag: "0.36" });
  expect(placesOf(seen?.exposed ?? [])).toBe("0.0.0.0:3000, [::]:3000");
});

test.each([
  ["docker.openhands.dev/openhands/openhands:1.8", "1", "OpenHands 1.8"],
  ["ghcr.io/openhands/agent-canvas:1.20.0", "canvas", "Agent Canvas 1.20.0"],
  ["ghcr.io/all-hands-ai/openhands:0.59", "0.36", "OpenHands 0.59"],
  ["docker.openhands.dev/openhands/openhands:0.62", "0.36", "OpenHands 0.62"],
])("%s is of generation %s", (image, generation, title) => {
  const [seen] = among({ ...article, Names: ["/mine"], Image: image });
  expect(seen?.generation).toBe(generation);
  expect(titleOf(seen!)).toBe(title);
});

test("other containers, and images that only sound like it, are not", () => {
  const names = ["nginx:1.28", "openhands/openhands-docs:1", "evil/agent-canvas:1"];
  expect(among(...names.map((Image) => ({ ...article, Names: ["/x"], Image })))).toEqual([]);
});

test("a container of the name alone is OpenHands, of nobody knows which generation", () => {
  expect(among({ ...article, Image: "sha256:abc" })).toMatchObject([{ generation: undefined }]);
});

test("our name without our label is not ours", () => {
  const named = { ...article, Names: ["/genkan-openhands"] };
  expect(among(named)).toMatchObject([{ isOurs: false }]);
  const Labels = {
    "genkan-openhands.managed": "openhands",
    "genkan-openhands.managed.generation": "0.36",
  };
  expect(among({ ...named, Labels })).toMatchObject([{ isOurs: true, generation: "0.36" }]);
});

test("loopback and the bridge's gateway are not exposed, an address of the network is", () => {
  const Ports = ["127.0.0.1", "::1", GATEWAY, "192.168.1.5"].map((IP) => ({
    ...article.Ports[0],
    IP,
  }));
  expect(placesOf(among({ ...article, Ports })[0]?.exposed ?? [])).toBe("192.168.1.5:3000");
});

test("sandboxes are told by their names, and are no OpenHands themselves", () => {
  const list = ["openhands-runtime-0a1b", "oh-agent-server-XyZ", "my-openhands-runtime-x"].map(
    (name) => ({ ...article, Names: [`/${name}`], Image: "ghcr.io/openhands/agent-server:1" }),
  );
  const names = sandboxesAmong(readContainers(list)).map(({ name }) => name);
  expect(names).toEqual(["openhands-runtime-0a1b", "oh-agent-server-XyZ"]);
  expect(among(...list)).toEqual([]);
});

test.each([[null], [{}], [[{}]], [[{ Names: 3, Ports: "no", Labels: null }]]])(
  "what Docker never says breaks nothing: %j",
  (list) => {
    expect(openHandsAmong(readContainers(list), GATEWAY)).toEqual([]);
  },
);
