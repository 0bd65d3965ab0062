import { spawn } from "node:child_process";

/** What one run of a program cost. Times in ms from the start of the process, memory in MB. */
export interface Run {
  readonly status: number;
  /** Until the first characters on standard output; the whole time where there were none. */
  readonly firstOutput: number;
  readonly whole: number;
  /** User and system time of the process. */
  readonly cpu: number;
  readonly peakMegabytes: number;
  readonly output: string;
}

/** Makes a process say at its end, on a channel of its own, what it used. */
const METER = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from "node:fs";
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    writeSync(3, JSON.stringify({ cpu: (userCPUTime + systemCPUTime) / 1000, peak: maxRSS / 1024 }));
  });`,
)}`;

/** Runs Node with these arguments in a folder and measures it. There is no folder in which a run could keep things for the next. */
export function runNode(args: readonly string[], folder: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(process.execPath, ["--import", METER, ...args], {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: "", HOME: "", LOCALAPPDATA: "" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let firstOutput = 0;
    const output: Buffer[] = [];
    let errors = "";
    let meter = "";
    child.stdout!.on("data", (piece: Buffer) => {
      firstOutput ||= performance.now() - start;
      output.push(piece);
    });
    child.stderr!.on("data", (piece: Buffer) => {
      errors += piece.toString("utf8");
    });
    child.stdio[3]!.on("data", (piece: Buffer) => {
      meter += piece.toString("utf8");
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === null || status > 1) {
        reject(new Error(`${args.join(" ")} ended with ${status}: ${errors}`));
        return;
      }
      const whole = performance.now() - start;
      const { cpu, peak } = JSON.parse(meter) as { cpu: number; peak: number };
      const text = Buffer.concat(output).toString("utf8");
      resolve({ status, firstOutput: firstOutput || whole, whole, cpu, peakMegabytes: peak, output: text });
    });
  });
}

/** The same run so many times. */
export async function runsOf(times: number, args: readonly string[], folder: string): Promise<Run[]> {
  const runs: Run[] = [];
  for (let i = 0; i < times; i++) runs.push(await runNode(args, folder));
  return runs;
}
