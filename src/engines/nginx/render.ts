/*
 * Plan and facts -> the text of nginx.conf. Pure; test/golden/nginx holds what comes out. Called for every
 * plan by the engine, which lets nginx test the text before it takes effect.
 */
import type { Plan } from "../../model/plan.ts";
import { gate } from "./blocks/gate.ts";
import { basics, limits, tls } from "./blocks/http.ts";
import { maps, mapSizes } from "./blocks/maps.ts";
import { proxy } from "./blocks/proxy.ts";
import { servers } from "./blocks/servers.ts";
import { shared } from "./blocks/shared.ts";
import { daemonPools, upstreams } from "./blocks/upstreams.ts";
import { block, comment, directive } from "./directives.ts";
import type { NginxFacts } from "./facts.ts";

export interface NginxFiles {
  /** nginx.conf. */
  readonly main: string;
  /** The part every server includes; the same for every plan. */
  readonly shared: string;
}

/** @throws NGINX_VALUE_UNFIT */
export function render(plan: Plan, facts: NginxFacts): NginxFiles {
  const http = [
    ...section("", basics(facts)),
    ...section("TLS", tls()),
    ...section("Limits", [...limits(facts), ...mapSizes(plan)]),
    ...section("To the apps", proxy(plan, facts)),
    ...section("Rules", maps(plan, facts)),
    ...section("Gate", gate(plan, facts)),
    ...section("Where apps listen", [...daemonPools(facts), ...upstreams(plan, facts)]),
    ...section("Names", servers(plan, facts)),
  ];
  const main = [
    comment("Made by genkan for its own nginx, and made anew with every change: do not edit."),
    ...frame(facts),
    block(["http"], http),
    "",
  ].join("\n");
  return { main, shared: shared(facts) };
}

function frame({ paths, workers, processes, limits: of }: NginxFacts): string[] {
  return [
    ...(workers ? [directive("user", workers.user, workers.group)] : []),
    directive("daemon", "off"),
    directive("master_process", "on"),
    directive("worker_processes", processes),
    ...(workers ? [directive("worker_rlimit_nofile", of.connections * 4)] : []),
    directive("pid", paths.pid),
    directive("error_log", paths.errorLog, "notice"),
    block(["events"], [directive("worker_connections", of.connections * 2)]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return title === "" ? [...lines] : ["", comment(`-- ${title}`), ...lines];
}
