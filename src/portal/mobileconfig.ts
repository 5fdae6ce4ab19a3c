/*
 * The root as a configuration profile, which is how iPhones, iPads and Macs take one: Apple, "Profile-
 * Specific Payload Keys" and "CertificateRoot" in the Device Management documentation.
 */
import { createHash } from "node:crypto";
import type { RootSource } from "./needs.ts";

export const MOBILECONFIG_TYPE = "application/x-apple-aspen-config";

/**
 * An XML property list. Its identifiers follow from the fingerprint, so that the same root installed
 * again takes its own place, and another root stands beside it.
 */
export function mobileconfig({ der, fingerprint256 }: RootSource): string {
  const print = fingerprint256.replaceAll(":", "").toLowerCase();
  const id = `genkan.root.${print.slice(0, 16)}`;
  const certificate = dict({
    PayloadType: "com.apple.security.root",
    PayloadVersion: 1,
    PayloadIdentifier: `${id}.certificate`,
    PayloadUUID: uuidOf(`certificate ${print}`),
    PayloadDisplayName: "Genkan root certificate",
    PayloadCertificateFileName: "genkan-root.crt",
    PayloadContent: der,
  });
  const profile = dict({
    PayloadType: "Configuration",
    PayloadVersion: 1,
    PayloadIdentifier: id,
    PayloadUUID: uuidOf(`profile ${print}`),
    PayloadDisplayName: "Genkan",
    PayloadOrganization: "Genkan",
    PayloadDescription: `Makes this device trust the apps of this home. SHA-256 of the root: ${fingerprint256}`,
    PayloadRemovalDisallowed: false,
    PayloadContent: [certificate],
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${profile}
</plist>
`;
}

/** Names and texts are our own constants and hexadecimal digits: there is nothing to escape. */
type Value = string | number | boolean | Uint8Array | readonly string[];

function dict(entries: Readonly<Record<string, Value>>): string {
  const lines = Object.entries(entries).map(([key, value]) => `<key>${key}</key>${xml(value)}`);
  return `<dict>\n${lines.join("\n")}\n</dict>`;
}

function xml(value: Value): string {
  if (typeof value === "string") return `<string>${value}</string>`;
  if (typeof value === "number") return `<integer>${value}</integer>`;
  if (typeof value === "boolean") return `<${value}/>`;
  if (value instanceof Uint8Array) {
    return `<data>${Buffer.from(value).toString("base64")}</data>`;
  }
  return `<array>\n${value.join("\n")}\n</array>`;
}

/** A UUID made from a name (RFC 9562 section 5.8, version 8: bits of our own choice). */
function uuidOf(name: string): string {
  const bytes = createHash("sha256").update(`genkan ${name}`).digest().subarray(0, 16);
  bytes[6] = 0x80 | (Number(bytes[6]) & 0x0f);
  bytes[8] = 0x80 | (Number(bytes[8]) & 0x3f);
  const hex = bytes.toString("hex").toUpperCase();
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
