/*
 * A security key in software: makes ES256 passkeys and signs with them, as browsers pass it on (WebAuthn Level 3,
 * sections 6.1 and 6.5). Everything it says can be bent, so that tests see what is refused.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

export interface Bent {
  /** base64url. */
  readonly id?: string;
  readonly origin?: string;
  readonly challenge?: string;
  readonly host?: string;
  /** Says that its person proved who they are; true unless told. */
  readonly isVerified?: boolean;
  readonly counter?: number;
  /** base64url. */
  readonly userHandle?: string;
}

export interface SoftPasskey {
  readonly id: string;
  /** What the browser answers where the passkey is made. */
  readonly made: unknown;
  /** What it answers where somebody signs in with it. */
  sign(options: Options, bent?: Bent): unknown;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const HAS_CREDENTIAL = 0x40;

/** @param origin the one of the page: `https://genkan.local:8443` */
export function makePasskey(options: Options, origin: string, bent: Bent = {}): SoftPasskey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = bent.id === undefined ? randomBytes(16) : Buffer.from(bent.id, "base64url");
  const host = options.rp?.id ?? "";
  const credential = Buffer.concat([Buffer.alloc(16), uint16(id.length), id, coseKey(x, y)]);
  const data = Buffer.concat([authenticatorData(host, HAS_CREDENTIAL, bent), credential]);
  const attestation = Buffer.concat([
    Buffer.from([0xa3]),
    text("fmt"),
    text("none"),
    text("attStmt"),
    Buffer.from([0xa0]),
    text("authData"),
    bytes(data),
  ]);
  return {
    id: id.toString("base64url"),
    made: answer(id, {
      clientDataJSON: clientData("webauthn.create", options, { origin, ...bent }),
      attestationObject: attestation.toString("base64url"),
      transports: ["internal"],
    }),
    sign(asked, more = {}) {
      const signed = authenticatorData(asked.rpId ?? "", 0, more);
      const client = clientData("webauthn.get", asked, { origin, ...more });
      const hash = createHash("sha256").update(Buffer.from(client, "base64url")).digest();
      return answer(id, {
        clientDataJSON: client,
        authenticatorData: signed.toString("base64url"),
        signature: sign("sha256", Buffer.concat([signed, hash]), privateKey).toString("base64url"),
        userHandle: more.userHandle ?? options.user?.id,
      });
    },
  };
}

function answer(id: Buffer, response: Readonly<Record<string, unknown>>): unknown {
  const text = id.toString("base64url");
  return { id: text, rawId: text, type: "public-key", clientExtensionResults: {}, response };
}

function clientData(type: string, { challenge }: Options, bent: Bent): string {
  const said = { type, challenge: bent.challenge ?? challenge, origin: bent.origin };
  return Buffer.from(JSON.stringify({ ...said, crossOrigin: false })).toString("base64url");
}

function authenticatorData(host: string, flags: number, bent: Bent): Buffer {
  const hash = createHash("sha256")
    .update(bent.host ?? host)
    .digest();
  const verified = bent.isVerified === false ? 0 : USER_VERIFIED;
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(bent.counter ?? 0);
  return Buffer.concat([hash, Buffer.from([flags | USER_PRESENT | verified]), counter]);
}

/** RFC 9053 section 7.1.1: EC2, ES256, P-256, x and y; in CBOR (RFC 8949). */
function coseKey(x: string, y: string): Buffer {
  const point = (label: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([label]), bytes(Buffer.from(value, "base64url"))]);
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01]);
  return Buffer.concat([head, point(0x21, x), point(0x22, y)]);
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}

function bytes(value: Buffer): Buffer {
  const size = value.length < 256 ? Buffer.from([value.length]) : uint16(value.length);
  return Buffer.concat([Buffer.from([value.length < 256 ? 0x58 : 0x59]), size, value]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}
