import { holdToContract } from "../support/hold-to-contract.ts";
import { openNginx } from "../support/nginx-under-contract.ts";
import { describeWithTools } from "../support/tools.ts";
import { NGINX_GAPS } from "./gaps.ts";

describeWithTools("nginx", ["nginx"], () => holdToContract(openNginx, NGINX_GAPS));
