/*
 * Whether somebody listens at a place, as far as a connection tells. Nothing is said on it.
 */
import { connect } from "node:net";
import type { Upstream } from "../../../model/target.ts";

/** @param patience milliseconds; who takes longer is not there. Never rejects. */
export function takesConnections({ host, port }: Upstream, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const tell = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once("connect", () => tell(true));
    socket.once("timeout", () => tell(false));
    socket.once("error", () => tell(false)); // nobody is there, for whatever reason
  });
}
