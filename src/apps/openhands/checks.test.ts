import { describe, expect, test } from "vitest";
import type { Finding } from "../../kernel/check.ts";
import { sandboxChecks, type SandboxFacts } from "./checks.ts";

const editor = { port: 41_234, doorPort: 41_235, kind: "editor", generation: "0.36" } as const;
const agent = { port: 55_313, doorPort: 55_313, kind: "agent-server", generation: "1" } as const;

function facts(more: Partial<SandboxFacts> = {}): SandboxFacts {
  return {
    app: "oh",
    open: [],
    trouble: undefined,
    listening: async () => [],
    isInside: (address) => address.startsWith("127.") || address === "172.17.0.1",
    generation: undefined,
    gateway: "172.17.0.1",
    lanInterface: "enp3s0",
    ...more,
  };
}

async function found(id: string, more: Partial<SandboxFacts>): Promise<Finding> {
  const check = sandboxChecks(facts(more)).find((each) => each.id === id);
  if (!check) throw new Error(`no check ${id}`);
  return check.look(AbortSignal.timeout(1000));
}

function on(port: number, address: string, program?: string) {
  return { port, addresses: [address], program };
}

describe("app.NAME.sandboxes.open", () => {
  const look = (more: Partial<SandboxFacts>) => found("app.oh.sandboxes.open", more);

  test("is well with or without sandboxes, and names the ports a firewall must know", async () => {
    expect(await look({})).toMatchObject({ state: "well", note: "oh has named none yet" });
    expect(await look({ open: [editor, agent] })).toMatchObject({
      state: "well",
      note: "41235, 55313; a firewall must let other devices reach these, too",
    });
  });

  test("says what the door could not open, and what to do", async () => {
    const trouble = { message: "Port 41234 is busy.", fix: "Free it" };
    expect(await look({ open: [agent], trouble })).toMatchObject({
      state: "unwell",
      severity: "high",
      says: trouble.message,
      fix: { says: "Free it" },
    });
  });
});

describe("app.NAME.sandboxes.around", () => {
  const look = (more: Partial<SandboxFacts>) => found("app.oh.sandboxes.around", more);

  test("is well where sandboxes listen on loopback or the bridge, and others wherever they like", async () => {
    const listening = async () => [
      on(41_234, "172.17.0.1"),
      on(55_313, "127.0.0.1"),
      on(5432, "0.0.0.0"),
    ];
    expect(await look({ open: [editor, agent], listening })).toMatchObject({ state: "well" });
  });

  test("names the setting of 0.36 that ends it, and the action server no answer names", async () => {
    const listening = async () => [
      on(41_234, "0.0.0.0", "docker-proxy"),
      on(33_333, "::", "docker-proxy"),
      on(34_000, "0.0.0.0", "my-own-server"),
    ];
    const finding = await look({ open: [editor], listening, generation: "0.36" });
    expect(finding).toMatchObject({ state: "unwell", severity: "high" });
    const { says, fix } = finding as Finding & { state: "unwell" };
    expect(says).toContain("port 41234 (its editor)");
    expect(says).toContain("port 33333 (a sandbox's action server");
    expect(says).not.toContain("34000");
    expect(fix.says).toContain("-e SANDBOX_RUNTIME_BINDING_ADDRESS=172.17.0.1 ");
  });

  test("names Docker's own firewall chain for 1.x, at the interface of the household", async () => {
    const listening = async () => [on(55_313, "0.0.0.0"), on(33_333, "0.0.0.0", "docker-proxy")];
    const finding = await look({ open: [agent], listening, generation: "1" });
    expect(finding).toMatchObject({
      state: "unwell",
      fix: {
        command:
          "sudo iptables -I DOCKER-USER -i enp3s0 -p tcp -m conntrack --ctstate NEW --ctdir ORIGINAL --ctorigdstport 32768:60999 -j DROP",
      },
    });
    expect((finding as { says: string }).says).not.toContain("33333");
  });
});
