import { holdToContract } from "../support/hold-to-contract.ts";
import { openNginx } from "../support/nginx-under-contract.ts";
import { isNginxBefore } from "../support/nginx-version.ts";
import { describeWithTools } from "../support/tools.ts";
import { NGINX_GAPS } from "./gaps.ts";

const gaps = NGINX_GAPS.filter(({ before }) => !before || isNginxBefore(before));

describeWithTools("nginx", ["nginx"], () => holdToContract(openNginx, gaps));
