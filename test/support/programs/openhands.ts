/*
 * The app of socket-io-server.ts as a program, for a host of its own: prints its port when it listens.
 */
import { listenSocketIo } from "../socket-io-server.ts";

const { port } = await listenSocketIo();
console.log(port);
