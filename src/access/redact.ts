/*
 * Secrets out of what is written down: by the name they go by, in fields, in query strings, in headers
 * and in texts that hold those. Names are read as apps write them: `session_api_key`, `X-API-Key`,
 * `access%5Ftoken`. Pure; rather too much is taken out than too little.
 */

const HIDDEN = "***";

/** What a name ends with, without case and punctuation, if its value is a secret. */
const SECRET_NAME =
  /(?:token|tkn|code|key|secret|password|passwd|passphrase|pwd|pin|authorization|auth|cookie|cookies|credential|credentials|signature|sig|session|sessionid|sid|jwt|nonce|digits|otp)$/;

/** Whether the value that goes by this name is not to be written down. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(plainName(name));
}

/** A copy without secrets: fields with a secret name, and what texts carry. @param value plain data */
export function redact(value: unknown): unknown {
  if (typeof value === "string") return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [
    name,
    isSecretName(name) ? HIDDEN : redact(inner),
  ]);
  return Object.fromEntries(entries);
}

/**
 * A text with `name=value`, `Name: value` and `Bearer value` made harmless where the name says so. A
 * stranger may have written it: names count by their last hundred letters, so it takes no longer for it.
 */
export function redactText(text: string): string {
  return text
    .replaceAll(/^([\w-]+)(: *)(.*)$/gm, (whole, name: string, between: string) =>
      isSecretName(name) ? `${name}${between}${HIDDEN}` : whole,
    )
    .replaceAll(/\b(bearer|basic|digest|token)( +)[^\s,;"'*]+/gi, `$1$2${HIDDEN}`)
    .replaceAll(/([^?&;#=\s"'/:]{1,100})=([^&;#\s"']*)/g, (whole, name: string) =>
      isSecretName(name) ? `${name}=${HIDDEN}` : whole,
    )
    .replaceAll(/"([^"\\]+)"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole, name: string, between: string) =>
      isSecretName(name) ? `"${name}"${between}"${HIDDEN}"` : whole,
    )
    .replaceAll(/\bgenkan_[\w-]+/g, HIDDEN);
}

function plainName(name: string): string {
  return decoded(name)
    .toLowerCase()
    .replaceAll(/\[\w*\]$/g, "")
    .replaceAll(/[^a-z]/g, "");
}

/** Twice: proxies and apps decode what was encoded twice. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(name.replaceAll("+", " ")));
  } catch (thrown) {
    if (thrown instanceof URIError)
      return name.replaceAll(/%[0-9a-f]{2}/gi, (hex) =>
        String.fromCharCode(Number.parseInt(hex.slice(1), 16)),
      );
    throw thrown;
  }
}
