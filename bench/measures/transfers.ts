/*
 * One gigabyte down, and one up, by curl over HTTP/1.1.
 */
import { cpuOf, run } from "../machine.ts";
import { HOST, type Stage, urlOf } from "../peer.ts";

export interface Transfer {
  /** Seconds. */
  readonly cpu: number;
  readonly took: number;
}

/** @param upload the file to send; undefined for a download of `bytes`. @throws with what came instead. */
export async function measureTransfer(
  pid: number,
  stage: Stage,
  { bytes, upload }: { bytes: number; upload: string | undefined },
): Promise<Transfer> {
  const before = cpuOf(pid);
  const asked = upload === undefined ? [] : ["-T", upload, "-H", "Expect:"];
  const path = upload === undefined ? `/bytes/${bytes}` : "/upload";
  const seen = "%{http_code} %{size_download} %{size_upload} %{time_total}";
  const to = ["--resolve", `${HOST}:${stage.port}:127.0.0.1`, urlOf(stage, path)];
  const quiet = ["-s", "-k", "--http1.1", "-o", "/dev/null", "-w", seen];
  const out = await run(["curl", ...quiet, ...asked, ...to]);
  const [status, down, up, took] = out.split(" ").map(Number);
  if (status !== 200) throw new Error(`refused (${status})`);
  if ((upload === undefined ? down : up) !== bytes) throw new Error(`cut short: ${out}`);
  return { cpu: (cpuOf(pid) - before) / 1e6, took: took ?? 0 };
}
