/*
 * That a visitor has left, for those who work for it. An AbortController in all that is used of one, made
 * for the path of every request: Node's own outlives the requests it is made for until the next full
 * collection, which was a third of their cost.
 */
import type { LeaveListener, LeaveSignal } from "./upstream/upstream.ts";

export class Leaving implements LeaveSignal {
  #isAborted = false;
  /** Nearly always one: the exchange with the app. */
  #listeners: LeaveListener[] = [];

  get aborted(): boolean {
    return this.#isAborted;
  }

  /** Tells everyone, once. */
  abort(): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    const listeners = this.#listeners;
    this.#listeners = [];
    for (const listener of listeners) tell(listener);
  }

  addEventListener(_type: "abort", listener: LeaveListener): void {
    if (!this.#isAborted) this.#listeners.push(listener);
  }

  removeEventListener(_type: "abort", listener: LeaveListener): void {
    const at = this.#listeners.indexOf(listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }
}

function tell(listener: LeaveListener): void {
  if (typeof listener === "function") listener();
  else listener.handleEvent();
}
