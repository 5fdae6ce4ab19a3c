import { isAtLeast } from "../../src/engines/nginx/facts.ts";
import { versionHere } from "../../src/engines/nginx/find.ts";
import { detectHost } from "../../src/platform/host.ts";
import { runProgram } from "../../src/platform/run.ts";
import { holdToContract } from "../support/hold-to-contract.ts";
import { openNginx } from "../support/nginx-under-contract.ts";
import { describeWithTools } from "../support/tools.ts";
import { NGINX_GAPS } from "./gaps.ts";

// Of another nginx than this machine's: `PATH=/where/it/is:$PATH npx vitest run test/contract/nginx.test.ts`.
const version = (await versionHere(detectHost(), runProgram)) ?? [0, 0, 0];
const gaps = NGINX_GAPS.filter(({ before }) => !before || !isAtLeast(version, before));

describeWithTools("nginx", ["nginx"], () => holdToContract(openNginx, gaps));
