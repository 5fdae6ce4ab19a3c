/*
 * Paths of an app that are open to everyone while the app itself is not: `/webhook/*`, `/health`. An
 * app may read a path otherwise than the door does, so a path that could be read in two ways is
 * not open. Pure.
 */
import { modelErrors } from "./errors.ts";

/** A pattern in its one spelling: a path, or a path with everything below it. */
export interface OpenPath {
  /** The segments, decoded. */
  readonly segments: readonly string[];
  /** It ended with `/*`: everything below is open, and the path itself is not. */
  readonly below: boolean;
}

/** @throws OPEN_PATH_INVALID */
export function parseOpenPath(text: string): OpenPath {
  const below = text.endsWith("/*");
  const path = below ? text.slice(0, -2) : text;
  const segments = path === "" ? [] : readSegments(path);
  const why =
    segments === undefined || path.includes("*")
      ? "write a plain path, with * only as its last part"
      : segments.length === 0
        ? "that is the whole app; write access: open"
        : undefined;
  if (why !== undefined) throw modelErrors.OPEN_PATH_INVALID({ path: text, why });
  return { segments: segments ?? [], below };
}

/** As parseOpenPath takes it. */
export function formatOpenPath({ segments, below }: OpenPath): string {
  return `/${[...segments.map(encodeURIComponent), ...(below ? ["*"] : [])].join("/")}`;
}

/** @param path as the visitor sent it, encoded, without the query. */
export function isOpenPath(path: string, open: readonly OpenPath[]): boolean {
  if (open.length === 0) return false;
  const segments = readSegments(path);
  if (segments === undefined) return false;
  return open.some(({ segments: own, below }) => {
    const hasLength = below ? segments.length > own.length : segments.length === own.length;
    return hasLength && own.every((segment, i) => segment === segments[i]);
  });
}

/** Upper and lower case are different here; an app that takes them for the same is closed where it could be open. */
function readSegments(path: string): readonly string[] | undefined {
  if (!path.startsWith("/")) return undefined;
  const raw = path.slice(1).split("/");
  const segments = raw.map((segment, i) => readSegment(segment, i === raw.length - 1));
  return segments.every((segment) => segment !== undefined) ? segments : undefined;
}

/** RFC 3986 section 3.3, without `;` (servers cut there) and without `%`, which decodes below. */
const PLAIN = /^[A-Za-z0-9._~!$&'()*+,=:@-]*$/;
/** What some reader between here and the app's file may take for a boundary, a step up, or a second decoding. */
const DOUBTFUL =
  // oxlint-disable-next-line no-control-regex -- these are the characters to be found
  /[\u0000-\u001f\u007f-\u009f/\\.%;?#*]/;

function readSegment(raw: string, isLast: boolean): string | undefined {
  if (raw === "") return isLast ? raw : undefined; // `//` is one boundary to some and two to others
  if (!PLAIN.test(raw.replaceAll(/%[0-9A-Fa-f]{2}/g, ""))) return undefined;
  const plain = raw.replaceAll(/(?:%[0-9A-Fa-f]{2})+/g, (bytes) => decoded(bytes) ?? "\0");
  // `.` and `..`, and what some take for them: Windows drops dots and spaces at the end of a name.
  return plain.includes("\0") || /[. ]$/.test(plain) ? undefined : plain;
}

/** Undefined where the bytes are no UTF-8, or say something doubtful, also in another form (NFKC). */
function decoded(bytes: string): string | undefined {
  try {
    const text = decodeURIComponent(bytes);
    return DOUBTFUL.test(text) || DOUBTFUL.test(text.normalize("NFKC")) ? undefined : text;
  } catch (thrown) {
    if (thrown instanceof URIError) return undefined;
    throw thrown;
  }
}
