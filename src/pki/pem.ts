/*
 * DER as PEM text (RFC 7468).
 */

/** Lines of 64 characters between the label's two lines, a newline at the end. */
export function pemOf(label: string, der: Uint8Array): string {
  const text = Buffer.from(der).toString("base64");
  const lines = text.replaceAll(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}
