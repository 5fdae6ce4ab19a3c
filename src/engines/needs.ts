/*
 * What an engine needs from strangers; daemon/compose.ts hands it something that fits.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Plan, PlannedApp } from "../model/plan.ts";
import type { Upstream } from "../model/target.ts";

/** A certificate ready to serve: PEM chain (leaf first, without the root) and PEM key. */
export interface ServedLeaf {
  readonly certPem: string;
  readonly keyPem: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
  /** Changes whenever the certificate does; engines cache TLS contexts by it. */
  readonly id: string;
}

export interface LeafSource {
  /**
   * The leaf for one name of the plan, valid by the wall clock at this moment: issued, or renewed,
   * first where needed. Cheap when nothing is to be done: it is called at every handshake.
   */
  leafFor(name: string): Promise<ServedLeaf>;
  /** The leaf for connections that name nobody (no SNI): this machine's addresses. */
  leafForAddresses(): Promise<ServedLeaf>;
}

/** A request for an app, as the gate is asked about it: what it is for, and what it shows of who sent it. */
export interface Knock {
  /** On the page of a refusal, and in the log. */
  readonly id: string;
  readonly app: PlannedApp;
  /** The host the visitor asked for, in its one spelling. */
  readonly host: string;
  /** The visitor's view of the door's port. */
  readonly port: number;
  /** Where the portal is, if that is another: at a sandbox's port. */
  readonly portalPort?: number | undefined;
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly isWebSocket: boolean;
  /** Where the visitor is. */
  readonly address: string;
  /** Every `Cookie` field. */
  readonly cookies: readonly string[];
  readonly authorization: string | undefined;
  /** `Sec-Fetch-Mode` and `Sec-Fetch-Dest`. */
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
  readonly accept: string | undefined;
}

export type Admission =
  | {
      readonly is: "let-in";
      /** Fields that tell the app who it is (`X-Genkan-*`): names and values, ASCII. */
      readonly identity: readonly (readonly [string, string])[];
      /** The device it is, whose end ends this exchange too (Gate.onEnd); undefined for nobody and for programs. */
      readonly device: string | undefined;
      /**
       * Where the visitor's session is to be given a new token: call it once, and add the `Set-Cookie` value it
       * gives to the answer. Never rejects; undefined means that the old token stays.
       */
      readonly renew: (() => Promise<string | undefined>) | undefined;
    }
  /** Not let in; this is the whole answer. */
  | {
      readonly is: "answer";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Why, for the log: `sign-in-needed`, `owners-only`. */
      readonly why: string;
    };

/** Who may open what. Engines ask it for every request to an app that is not `open`, before anything reaches the app. */
export interface Gate {
  /** At once, and never throws: what goes wrong lets nobody in. */
  judge(knock: Knock): Admission;
  /**
   * Tells of everything that ends, or may do less than before: a device or a program by its id, a device's session at
   * one host by its key (model/admission.ts). @returns ends that.
   */
  onEnd(listener: (who: string) => void): () => void;
}

/** A trouble as the visitor meets it; the page is chosen by `status` and `code`. */
export interface Problem {
  readonly status: number;
  /** Stable, `DOOR_UNKNOWN_HOST`; for JSON clients and the log. */
  readonly code: string;
  /** Whose move it is. */
  readonly blame: "visitor" | "app" | "door";
  /** Short id that is also in the log. */
  readonly id: string;
  /** The request's method: only a page that answers GET reloads itself. */
  readonly method?: string;
  /** For app troubles: which app, and where it was looked for. */
  readonly app?: { readonly name: string; readonly upstream: Upstream };
  /** Why, in half a sentence: "connection refused". Shown only with app troubles. */
  readonly why?: string;
  /** Where the visitor signs in, where that is what is missing. */
  readonly signIn?: string;
}

export interface ProblemAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type DoorRequest = IncomingMessage | Http2ServerRequest;
export type DoorResponse = ServerResponse | Http2ServerResponse;

export interface Pages {
  /** A problem in words: HTML for browsers, JSON for programs (by `Accept`). */
  problem(problem: Problem, accept: string | undefined): ProblemAnswer;
  /** Answers for the door's own names. */
  portal(request: DoorRequest, response: DoorResponse, met?: Met): Promise<void>;
  /**
   * Answers for `/.genkan/` at an app's host, which no app ever sees: taking over a session, signing out.
   */
  atApp(request: DoorRequest, response: DoorResponse, met: MetAtApp): Promise<void>;
  /** What takes a WebSocket at this path of theirs once it was agreed to; undefined where there is none. */
  webSocket?(path: string): ((socket: Duplex) => void) | undefined;
}

/** What an engine knows of the connection a request came on. */
export interface Met {
  /** `h2`, `http/1.1`, as it was spoken with the visitor. */
  readonly protocol: string;
  /** The visitor's address. */
  readonly from: string;
  /** The address of this machine the visitor reached. */
  readonly at: string;
}

export interface MetAtApp extends Met {
  /** The app's host the visitor asked for, in its one spelling. */
  readonly host: string;
}

/**
 * Carries WebSockets for an engine that cannot judge, count and end them itself, and answers that name ports of
 * sandboxes for one that cannot rewrite them: it passes each such request on over a socket of this machine, and the
 * bytes behind a handshake for as long as both sides like.
 */
export interface WebSocketRelay {
  /**
   * Takes a connection on which one request comes, the visitor's own but for two fields:
   * @param secret what X-Genkan-Secret must say, or nothing is believed. X-Genkan-Address says whose it is.
   */
  serve(socket: Socket, secret: string): void;
  /** Requests to come are judged by this plan; WebSockets that are open stay. */
  follow(plan: Plan): void;
  /** Ends, as the other side of each would, those of apps that are no longer in the plan. */
  prune(): void;
  /** Requests that reached the app since the door opened, and WebSockets open now. */
  of(app: string): { readonly requests: number; readonly webSockets: number };
  /** Ends all WebSockets, and takes no more; answers under way end with the other engine. */
  stop(): void;
}

/** A port of one of an app's sandboxes, which the door shows as an origin of its own. */
export interface SandboxPlace {
  /** The app's name in the plan. */
  readonly app: string;
  /**
   * `agent-server`: the app's page asks it from another origin, with a key. `editor`: VS Code, in a frame of the
   * app's page. `app`: what the agent serves, code that nobody trusts.
   */
  readonly kind: "agent-server" | "editor" | "app";
  /** The one place that is dialled for it. */
  readonly upstream: Upstream;
  /** Whether a text is a key of this sandbox (`X-Session-API-Key`), compared without telling by time how much of it fits. */
  readonly isKey: (text: string) => boolean;
}

/** The door's ports for sandboxes; the same on every engine, in the daemon's process. */
export interface SandboxPorts {
  /**
   * Listens for a sandbox on every address of the door, on the sandbox's own number where that is free. Resolves
   * with the door's port when it takes connections; asked again for the same place it gives the same.
   * @throws the system's own error where no port can be had
   */
  open(place: SandboxPlace): Promise<number>;
  /** The sandbox is gone: takes no more there and ends what is under way. Nothing, where the port is none of these. */
  close(doorPort: number): void;
  /** Requests to come go by this plan; ports of apps that are gone, or have no sandboxes now, are closed. */
  follow(plan: Plan): void;
  /** What is open. */
  list(): readonly OpenSandboxPort[];
  /** Takes no more, lets running exchanges end for at most `graceMs`, then ends the rest. */
  stop(graceMs: number): Promise<void>;
}

export interface OpenSandboxPort {
  readonly doorPort: number;
  readonly place: SandboxPlace;
}

/** Who asked for an answer that is to be rewritten. */
export interface AskedAnswer {
  /** Path without the query, as the visitor sent it. */
  readonly path: string;
  /** The host the visitor asked for, in its one spelling; the places named to them are below it or at its ports. */
  readonly host: string;
  /** The visitor's view of the door's port. */
  readonly port: number;
}

/** Reads answers that name sandbox ports (PlannedApp.sandboxes.named), opens those ports, and names the door's instead. */
export interface AnswerRewriter {
  /** Bytes of decoded content; a longer answer passes untouched. */
  readonly limit: number;
  /**
   * The JSON anew, or undefined where it stays as it was. The ports it names are open when it resolves. Never rejects.
   */
  rewrite(app: PlannedApp, asked: AskedAnswer, content: Buffer): Promise<Buffer | undefined>;
}
