import { holdToContract } from "../support/hold-to-contract.ts";
import { openNode } from "../support/node-under-contract.ts";
import { NODE_GAPS } from "./gaps.ts";

holdToContract(openNode, NODE_GAPS);
