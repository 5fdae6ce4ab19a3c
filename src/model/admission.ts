/*
 * May this visitor have this? The one decision the gate makes for every request, on every engine:
 * pure, over facts that others gathered. Where a fact is missing the answer is no.
 */
import { isOpenPath, type OpenPath } from "./open-paths.ts";

/** Who may open an app: every device that was let in, owners only, or everyone who reaches the door. */
export type AppAccess = "household" | "owner" | "open";

/** `owner` may change things, `guest` ends by itself. */
export type Role = "owner" | "member" | "guest";

export type Visitor =
  | { readonly is: "nobody" }
  | { readonly is: "device"; readonly id: string; readonly name: string; readonly role: Role }
  /** A program with a token; it may open the apps it was made for and no others. */
  | {
      readonly is: "program";
      readonly id: string;
      readonly name: string;
      readonly apps: readonly string[];
    };

/**
 * `navigation`: a person's browser opens a page, and can be sent elsewhere. `fetch`: a page or a
 * program asks, and wants an answer it can read. `websocket`: a handshake.
 */
export type RequestKind = "navigation" | "fetch" | "websocket";

export interface Entry {
  readonly app: string;
  readonly access: AppAccess;
  readonly openPaths: readonly OpenPath[];
  readonly visitor: Visitor;
  readonly method: string;
  /** As the visitor sent it, encoded, without the query. */
  readonly path: string;
  readonly kind: RequestKind;
}

export type Verdict =
  | { readonly is: "let-in" }
  /**
   * Off to the portal, and back afterwards. `isUnsent`: the visitor sent something that a
   * redirect would lose; a page says so instead.
   */
  | { readonly is: "to-portal"; readonly isUnsent: boolean }
  /** 401, with a body programs can read. */
  | { readonly is: "sign-in-needed" }
  /** 403: known, and not allowed; signing in again would change nothing. */
  | { readonly is: "refused"; readonly why: "owners-only" | "other-app" }
  /** 503: the door could not tell, so nobody gets in. */
  | { readonly is: "closed" };

const LET_IN: Verdict = { is: "let-in" };

export function admit(entry: Entry): Verdict {
  const { access, visitor, path, openPaths } = entry;
  if (access === "open" || isOpenPath(path, openPaths)) return LET_IN;
  switch (visitor.is) {
    case "nobody":
      return askToSignIn(entry);
    case "program":
      return visitor.apps.includes(entry.app) ? LET_IN : { is: "refused", why: "other-app" };
    case "device":
      return access === "household" || visitor.role === "owner"
        ? LET_IN
        : { is: "refused", why: "owners-only" };
  }
}

function askToSignIn({ kind, method }: Entry): Verdict {
  if (kind !== "navigation") return { is: "sign-in-needed" };
  return { is: "to-portal", isUnsent: method !== "GET" && method !== "HEAD" };
}

/**
 * What a device's session at one host goes by where ends are told: with it end the WebSockets there, and
 * nothing that the device has open at other hosts.
 */
export function sessionKey(device: string, host: string): string {
  return `${device} ${host}`;
}

export interface KindFacts {
  readonly isWebSocket: boolean;
  /** `Sec-Fetch-Mode` and `Sec-Fetch-Dest` (Fetch Metadata): browsers send them, pages cannot. */
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
  readonly accept: string | undefined;
}

/** What kind of request it is; only what is surely a page of its own is a navigation. */
export function kindOf(facts: KindFacts): RequestKind {
  if (facts.isWebSocket) return "websocket";
  const { fetchMode, fetchDest, accept } = facts;
  // In a frame the portal would not open: it forbids being framed.
  if (fetchMode !== undefined) {
    const isPage =
      fetchMode === "navigate" && (fetchDest === undefined || fetchDest === "document");
    return isPage ? "navigation" : "fetch";
  }
  // Browsers older than Fetch Metadata ask for pages by name; curl and scripts take anything.
  return accept?.toLowerCase().includes("text/html") ? "navigation" : "fetch";
}
