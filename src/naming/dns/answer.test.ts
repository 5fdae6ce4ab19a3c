import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  RECURSION_DESIRED,
  type Packet,
} from "dns-packet";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerTo } from "./answer.ts";
import { createZone } from "./zone.ts";

const zone = createZone({
  apex: "box.home.arpa",
  hosts: [
    "wiki.box.home.arpa",
    "a.b.box.home.arpa",
    "openhands.yourdomain.local",
    "wiki.local",
    "wiki.localhost",
  ],
  addresses: () => ["192.168.1.10", "fd00::10", "192.168.1.11", "192.168.1.12"],
});

type Type = "A" | "AAAA" | "NS" | "SOA" | "MX" | "TXT" | "PTR";
function question(name: string, type: Type = "A", more: Packet = {}): Buffer {
  return encode({
    type: "query",
    id: 4242,
    flags: RECURSION_DESIRED,
    questions: [{ name, type }],
    ...more,
  });
}
interface Seen {
  readonly code: string;
  readonly aa: boolean;
  readonly answers: readonly unknown[];
  readonly authorities: readonly string[];
}
function ask(packet: Buffer): Seen {
  const reply = answerTo(packet, zone)!;
  const seen = decode(reply);
  expect(seen.id).toBe(packet.readUInt16BE(0));
  expect(seen.type).toBe("response");
  expect(seen.flag_ra).toBe(false);
  return {
    code: (seen as unknown as { rcode: string }).rcode,
    aa: seen.flag_aa,
    answers: (seen.answers ?? []).map((answer) => ("data" in answer ? answer.data : undefined)),
    authorities: (seen.authorities ?? []).map(({ type, name }) => `${type} ${name}`),
  };
}

describe("names of the zone", () => {
  test("have the machine's addresses, at most two of each family", () => {
    expect(ask(question("wiki.box.home.arpa"))).toEqual({
      code: "NOERROR",
      aa: true,
      answers: ["192.168.1.10", "192.168.1.11"],
      authorities: [],
    });
    expect(ask(question("wiki.box.home.arpa", "AAAA")).answers).toEqual(["fd00::10"]);
    expect(ask(question("box.home.arpa")).answers).toHaveLength(2);
  });

  test("are asked for in any capitals, which the answer repeats", () => {
    const packet = question("wIkI.bOx.hOmE.aRpA");
    const reply = decode(answerTo(packet, zone)!);
    expect(reply.questions?.[0]?.name).toBe("wIkI.bOx.hOmE.aRpA");
    expect(reply.answers?.[0]?.name).toBe("wIkI.bOx.hOmE.aRpA");
  });

  test("without what was asked for are there all the same (NODATA)", () => {
    const none = { code: "NOERROR", aa: true, answers: [], authorities: ["SOA box.home.arpa"] };
    expect(ask(question("wiki.box.home.arpa", "MX"))).toEqual(none);
    expect(ask(question("wiki.box.home.arpa", "TXT"))).toEqual(none);
    expect(ask(question("b.box.home.arpa"))).toEqual(none); // only a name between others
  });

  test("that are not there are denied (NXDOMAIN)", () => {
    expect(ask(question("nas.box.home.arpa"))).toEqual({
      code: "NXDOMAIN",
      aa: true,
      answers: [],
      authorities: ["SOA box.home.arpa"],
    });
    expect(ask(question("x.wiki.box.home.arpa")).code).toBe("NXDOMAIN");
  });

  test("the zone has a server and a start of authority", () => {
    expect(ask(question("box.home.arpa", "NS")).answers).toEqual(["box.home.arpa"]);
    expect(ask(question("box.home.arpa", "SOA")).answers).toMatchObject([
      { mname: "box.home.arpa", rname: "box.home.arpa", minimum: 60 },
    ]);
  });

  test("outside the zone a name of the door is a zone of its own", () => {
    expect(ask(question("openhands.yourdomain.local")).answers).toHaveLength(2);
    expect(ask(question("openhands.yourdomain.local", "MX")).authorities).toEqual([
      "SOA openhands.yourdomain.local",
    ]);
  });
});

test.each([
  "example.com",
  "home.arpa",
  "yourdomain.local",
  "notbox.home.arpa",
  "wiki.local",
  "wiki.localhost",
  "10.1.168.192.in-addr.arpa",
  ".",
])("%s is nobody's business of ours: refused, and not looked up", (name) => {
  expect(ask(question(name))).toEqual({ code: "REFUSED", aa: false, answers: [], authorities: [] });
});

test("a dot inside a label is no boundary between labels", () => {
  const packet = question("wiki_box.home.arpa");
  packet[packet.indexOf("_")] = 0x2e;
  expect(ask(packet).code).toBe("REFUSED");
  const inside = question("x_y.box.home.arpa");
  inside[inside.indexOf("_")] = 0x2e;
  expect(ask(inside)).toMatchObject({ code: "NXDOMAIN", authorities: ["SOA box.home.arpa"] });
});

describe("what is no plain question", () => {
  test("an answer is met with silence, or two servers would talk for ever", () => {
    const packet = encode({
      type: "response",
      id: 1,
      flags: AUTHORITATIVE_ANSWER,
      questions: [{ name: "box.home.arpa", type: "A" }],
    });
    expect(answerTo(packet, zone)).toBeUndefined();
    expect(answerTo(Buffer.alloc(11), zone)).toBeUndefined();
  });
  test("two questions, answers among them, and half a question are no question", () => {
    const two = [
      { name: "box.home.arpa", type: "A" } as const,
      { name: "box.home.arpa", type: "AAAA" } as const,
    ];
    expect(ask(question("", "A", { questions: two })).code).toBe("FORMERR");
    expect(ask(question("box.home.arpa").subarray(0, 20)).code).toBe("FORMERR");
    const answers = [{ name: "x", type: "A", data: "6.6.6.6" } as const];
    expect(ask(question("box.home.arpa", "A", { answers })).code).toBe("FORMERR");
  });
  test("a name that points to itself is no name", () => {
    const packet = Buffer.concat([
      question("").subarray(0, 12),
      Buffer.from([0xc0, 12, 0, 1, 0, 1]),
    ]);
    expect(ask(packet).code).toBe("FORMERR");
  });
  test("updates and notifications are not done here", () => {
    const packet = question("box.home.arpa");
    packet.writeUInt16BE(5 << 11, 2);
    expect(ask(packet).code).toBe("NOTIMP");
  });
  test("a later EDNS than ours is told so", () => {
    const option: Answer = {
      type: "OPT",
      name: ".",
      udpPayloadSize: 4096,
      extendedRcode: 0,
      ednsVersion: 1,
      flags: 0,
      flag_do: false,
      options: [],
    };
    const reply = decode(
      answerTo(question("box.home.arpa", "A", { additionals: [option] }), zone)!,
    );
    expect(reply.additionals?.[0]).toMatchObject({ type: "OPT", extendedRcode: 1, ednsVersion: 0 });
    expect(reply.answers).toEqual([]);
  });
});

/** Real questions with bytes changed, cut and added: what a fuzzer of the network would send. */
const damaged = fc
  .record({
    name: fc.constantFrom("wiki.box.home.arpa", "box.home.arpa", "x.example", ""),
    type: fc.constantFrom<Type>("A", "AAAA", "SOA", "NS", "MX"),
    changes: fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }),
    more: fc.uint8Array({ maxLength: 40 }),
    cut: fc.nat(80),
  })
  .map(({ name, type, changes, more, cut }) => {
    const packet = Buffer.concat([question(name, type), more]);
    for (const [at, byte] of changes) if (at < packet.length) packet[at] = byte;
    return packet.subarray(0, Math.max(1, packet.length - (cut > 40 ? 0 : cut)));
  });

test("whatever the bytes, there is silence or an answer to this very question, at most four times as long", () => {
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 600 })), (bytes) => {
      const reply = answerTo(bytes, zone);
      if (reply === undefined) return;
      expect(reply.length).toBeLessThanOrEqual(4 * bytes.length);
      expect(reply.readUInt16BE(0)).toBe(Buffer.from(bytes).readUInt16BE(0));
      expect(decode(reply).type).toBe("response");
    }),
    { numRuns: 3000 },
  );
});
