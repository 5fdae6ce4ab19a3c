/*
 * Whether somebody listens at an address, as far as a connection tells. A look: nothing is said on it.
 */
import { connect } from "node:net";

/** @param patience milliseconds; who takes longer does not accept. Never rejects. */
export function accepts(host: string, port: number, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", end(true)).once("timeout", end(false)).once("error", end(false));
  });
}
